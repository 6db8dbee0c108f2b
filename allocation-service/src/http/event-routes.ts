import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import type { State } from '../domain/model.js';
import { currentConfig } from '../domain/views/scaling-view.js';
import { stateView } from '../domain/views/changed.js';
import { requestView } from '../domain/views/request-view.js';
import { taskView } from '../domain/views/task-view.js';
import { streamEvents } from './event-stream.js';
import type { Leading } from './leading.js';
import { readQuery } from './query.js';
import { resourceView } from '../domain/views/resource-view.js';

const MOST_CLIENTS = 64;

/** Everything that events may be about. */
const snapshotOf = (state: State): string =>
  JSON.stringify({
    state: stateView(state),
    config: currentConfig(state) ?? null,
    requests: [...state.requests.values()].map((request) => requestView(state, request)),
    resources: [...state.resources.values()].map((resource) => resourceView(resource)),
    tasks: [...state.tasks.values()].map(taskView),
  });

/** /api/v1/events: every change as it becomes durable. */
export const eventRoutes = (leading: Leading, mostClients = MOST_CLIENTS): Router => {
  const router = Router();
  let clients = 0;

  router.get('/api/v1/events', async (request, response) => {
    const { last_event_id: lastEventId } = readQuery(request, ['last_event_id']);
    await leading.during(async (term) => {
      if (clients >= mostClients) {
        response.setHeader('Retry-After', '5');
        throw new HttpError(503, `${mostClients} clients follow the events already: end one, or try again later`);
      }
      clients += 1;
      try {
        await streamEvents({
          feed: term.changes,
          response,
          lastEventId: request.get('last-event-id') ?? lastEventId,
          snapshot: () => term.engine.read((state) => ({ number: term.changes.decided, data: snapshotOf(state) })),
        });
      } catch (error) {
        // Whoever follows asks the next leader.
        if (!term.engine.stopped) throw error;
      } finally {
        clients -= 1;
      }
    });
  });

  return router;
};
