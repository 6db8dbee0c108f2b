import { earlyDeathRecord } from '../avoidance/early-death-record.js';
import type { Change, State } from '../model.js';
import { SCALING } from '../resources.js';
import { requestName, requestNameOf } from './request-name.js';
import { requestView } from './request-view.js';
import { resourceView } from './resource-view.js';
import { taskView } from './task-view.js';

/** What became of one record, as others see it. */
export interface Changed {
  readonly kind: string;
  /** As in the API. */
  readonly id: string;
  /** null: removed. */
  readonly value: unknown;
}

/** The leader's numbers, as GET /state tells them. */
export const stateView = (state: State) => ({
  term: state.durable.term,
  framework_id: state.durable.frameworkId ?? null,
  requests: state.requests.size,
  resources: state.resources.size,
  client_event_sequence: state.durable.sequence,
});

/** Only clients' requests are ever removed. */
const removedRequestName = (key: string): string => {
  if (key === SCALING) return SCALING;
  const [clientId, requestId] = JSON.parse(key) as [string, string];
  return requestNameOf(clientId, requestId);
};

const earlyDeathChange = (state: State, key: string): Changed => {
  const [requestKey, agentId] = JSON.parse(key) as [string, string];
  const request = state.requests.get(requestKey);
  const name = request === undefined ? removedRequestName(requestKey) : requestName(request);
  const death = earlyDeathRecord(state, key);
  const value = death && { request: name, agent_id: agentId, at_ms: death.at, lives_elsewhere: death.livesElsewhere ?? false };
  return { kind: 'early-death', id: `${name}/${agentId}`, value: value ?? null };
};

const changed = (state: State, { table, key, value }: Change): Changed | undefined => {
  switch (table) {
    case 'request': {
      const request = state.requests.get(key);
      if (request === undefined) return { kind: table, id: removedRequestName(key), value: null };
      const view = requestView(state, request);
      return { kind: table, id: view.id, value: view };
    }
    case 'early-death':
      return earlyDeathChange(state, key);
    case 'resource': {
      const resource = state.resources.get(key);
      return { kind: table, id: key, value: resource === undefined ? null : resourceView(resource) };
    }
    case 'task': {
      const task = state.tasks.get(key);
      return { kind: table, id: key, value: task === undefined ? null : taskView(task) };
    }
    case 'meta':
      return { kind: 'state', id: 'state', value: stateView(state) };
    case 'event':
      // What a client is told says nothing that its resource does not; that it is forgotten interests nobody.
      return undefined;
    default:
      return { kind: table, id: key, value };
  }
};

/** What the changes of one decision mean to who follows the state; taken before the state changes again. */
export const changedViews = (state: State, changes: readonly Change[]): Changed[] => changes.flatMap((one) => changed(state, one) ?? []);
