import { randomUUID } from 'node:crypto';
import { HttpError } from '@streams-on-mesos/service';
import { Router, type Request, type Response } from 'express';
import type { Reply } from '@streams-on-mesos/messages';
import { checkScalingConfig, type ScalingConfig } from '../domain/scaling-config.js';
import { currentConfig, listResources, runtimeCounts } from '../domain/views.js';
import type { LeadingTerm } from '../leading-term.js';
import { resourceView } from './resource-view.js';

/** Before the first PUT there is nothing to run. */
const NO_CONFIG: ScalingConfig = { num_of_node: 0 };

const STATUS_OF: Record<Reply.Error['code'], number> = {
  INTERNAL: 500,
  INVALID: 400,
  CONFLICT: 409,
  NOT_FOUND: 404,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** The routes of the API. `current` is the term that this instance leads; undefined: it does not, or is still loading. */
export const apiRoutes = (current: () => LeadingTerm | undefined, maxNodes: number): Router => {
  const leading = async <T>(work: (term: LeadingTerm) => Promise<T>): Promise<T> => {
    const term = current();
    if (term === undefined) throw new HttpError(503, 'no allocation-service leads at the moment: try again');
    try {
      return await work(term);
    } catch (error) {
      if (error instanceof HttpError || !term.engine.stopped) throw error;
      throw new HttpError(503, `this instance stopped leading before it could answer (${(error as Error).message}): try again`);
    }
  };

  const answer = <T>(work: (term: LeadingTerm, request: Request) => Promise<T>) => {
    return async (request: Request, response: Response): Promise<void> => {
      response.json(await leading((term) => work(term, request)));
    };
  };

  const readConfig = (term: LeadingTerm): Promise<ScalingConfig> =>
    term.engine.read((state) => structuredClone(currentConfig(state) ?? NO_CONFIG));

  const router = Router();

  router.get('/api/v1/config', answer(readConfig));

  router.put(
    '/api/v1/config',
    answer(async (term, request) => {
      const config: unknown = request.body;
      const fault = checkScalingConfig(config, maxNodes);
      if (fault !== undefined) throw new HttpError(400, fault.message, { field: fault.field });
      const messageId = randomUUID();
      const event = { type: 'put-config', messageId, config: config as ScalingConfig } as const;
      const reply = await term.replies.during(messageId, () => term.engine.submit(event));
      if (reply?.error !== undefined) {
        const { code, message, field } = reply.error;
        throw new HttpError(STATUS_OF[code], message, field === undefined ? {} : { field });
      }
      return readConfig(term);
    }),
  );

  router.get(
    '/api/v1/config/runtime',
    answer((term) => term.engine.read((state) => ({ ...runtimeCounts(state) }))),
  );

  router.get(
    '/api/v1/resources',
    answer((term, request) => {
      const { owner } = request.query;
      if (owner !== undefined && typeof owner !== 'string') throw new HttpError(400, 'owner: give it once', { field: 'owner' });
      return term.engine.read((state) => ({ resources: listResources(state, owner).map(resourceView) }));
    }),
  );

  router.get(
    '/api/v1/state',
    answer((term) =>
      term.engine.read((state) => ({
        term: term.number,
        framework_id: state.durable.frameworkId ?? null,
        requests: state.requests.size,
        resources: state.resources.size,
        client_event_sequence: state.durable.sequence,
      })),
    ),
  );

  return router;
};
