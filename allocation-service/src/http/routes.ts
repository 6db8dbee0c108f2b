import { randomUUID } from 'node:crypto';
import { HttpError } from '@streams-on-mesos/service';
import { Router, type Request, type Response } from 'express';
import type { Reply } from '@streams-on-mesos/messages';
import { checkScalingConfig, type ScalingConfig } from '../domain/scaling/scaling-config.js';
import type { KillUnknownTasksEvent, PutConfigEvent } from '../domain/events.js';
import { currentConfig, listResources, runtimeCounts, unknownTaskIds } from '../domain/views.js';
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

  /** Ends once the decision is durable. */
  const submit = async (term: LeadingTerm, event: PutConfigEvent | KillUnknownTasksEvent): Promise<void> => {
    const reply = await term.replies.during(event.messageId, () => term.engine.submit(event));
    if (reply?.error === undefined) return;
    const { code, message, field } = reply.error;
    throw new HttpError(STATUS_OF[code], message, field === undefined ? {} : { field });
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
      await submit(term, { type: 'put-config', messageId: randomUUID(), config: config as ScalingConfig });
      return readConfig(term);
    }),
  );

  router.post(
    '/api/v1/reconcile',
    answer(async (term, request) => {
      const { unknown_tasks: wish } = (request.body ?? {}) as { unknown_tasks?: unknown };
      if (wish !== 'kill') throw new HttpError(400, `unknown_tasks: ${JSON.stringify(wish)} is not "kill"`, { field: 'unknown_tasks' });
      const found = await term.engine.read(unknownTaskIds);
      await submit(term, { type: 'kill-unknown-tasks', messageId: randomUUID() });
      return { unknown_tasks: found };
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
