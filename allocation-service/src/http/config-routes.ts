import { createHash } from 'node:crypto';
import { HttpError } from '@streams-on-mesos/service';
import { Router, type Response } from 'express';
import type { State } from '../domain/model.js';
import { checkScalingConfig, type ScalingConfig } from '../domain/scaling/scaling-config.js';
import { currentConfig, runtimeCounts } from '../domain/views/scaling-view.js';
import type { LeadingTerm } from '../leading-term.js';
import { submit, type Leading } from './leading.js';

/** Before the first PUT there is nothing to run. */
const NO_CONFIG: ScalingConfig = { num_of_node: 0 };

const configOf = (state: State): ScalingConfig => structuredClone(currentConfig(state) ?? NO_CONFIG);

/** RFC 9110, 8.8.3: the same for the same config, whoever wrote it. */
const etagOf = (config: ScalingConfig): string =>
  `"${createHash('sha256').update(JSON.stringify(config)).digest('base64url').slice(0, 22)}"`;

/** RFC 9110, 13.1.1: true without the header, for `*`, and when one of its tags is the current one; weak tags never match. */
const ifMatchHolds = (header: string | undefined, etag: string): boolean =>
  header === undefined || header.trim() === '*' || header.split(',').some((tag) => tag.trim() === etag);

const showConfig = (response: Response, config: ScalingConfig): ScalingConfig => {
  response.setHeader('ETag', etagOf(config));
  return config;
};

const refuseChanged = (response: Response, current: ScalingConfig, given: string): unknown => {
  response.status(412).setHeader('ETag', etagOf(current));
  const message = `If-Match: ${given.slice(0, 100)} is not the config's ETag any more: look at the current one, and PUT again with its ETag`;
  return { error: { message, field: 'If-Match' }, current };
};

const readConfig = (term: LeadingTerm): Promise<ScalingConfig> => term.engine.read(configOf);

/** /api/v1/config: the scaling config, guarded by its ETag, and what has come of it. */
export const configRoutes = (leading: Leading, maxNodes: number): Router => {
  const router = Router();

  router.get(
    '/api/v1/config',
    leading.answer(async (term, _request, response) => showConfig(response, await readConfig(term))),
  );

  router.put(
    '/api/v1/config',
    leading.answer(async (term, request, response) => {
      const config: unknown = request.body;
      const fault = checkScalingConfig(config, maxNodes);
      if (fault !== undefined) throw new HttpError(400, fault.message, { field: fault.field });
      const given = request.get('if-match');
      // Nothing comes between this look and the decision: both happen at once.
      const now = term.engine.glance(configOf);
      if (!ifMatchHolds(given, etagOf(now))) return refuseChanged(response, await readConfig(term), given ?? '');
      await submit(term, { type: 'put-config', config: config as ScalingConfig });
      return showConfig(response, await readConfig(term));
    }),
  );

  router.get(
    '/api/v1/config/runtime',
    leading.answer((term) => term.engine.read((state) => ({ ...runtimeCounts(state) }))),
  );

  return router;
};
