import type { ClientEvent, ReadEvents, Reply } from '@streams-on-mesos/messages';
import type { Context } from './context.js';
import { touch } from './context.js';
import type { Resource, State } from './model.js';
import { describeResource, hasEnded, isScaled } from './resources.js';

/**
 * Gives an event its number in the same write as the change that it reports, so that none can be missed: a client asks
 * for what came after the last number it knows. The copy that leaves at once is only there for speed.
 */
export const recordClientEvent = (context: Context, kind: ClientEvent.Kind, resource: Resource): void => {
  const { state } = context;
  if (isScaled(resource)) return;
  state.durable.sequence += 1;
  touch(context, 'meta', 'state');
  const event: ClientEvent = {
    sequence: state.durable.sequence,
    client_id: resource.request.owner,
    kind,
    resources: [describeResource(resource)],
  };
  state.clientEvents.push(event);
  touch(context, 'event', String(event.sequence));
  while (state.clientEvents.length > state.settings.eventsKept) {
    const forgotten = state.clientEvents.shift();
    if (forgotten !== undefined) touch(context, 'event', String(forgotten.sequence));
  }
  context.effects.push({ type: 'client-event', event, traceId: resource.request.traceId });
};

/** What a client has: all resources that it was told are allocated and were not taken back since. */
const allocatedResources = (state: State, clientId: string | undefined): Resource[] =>
  (clientId === undefined ? [...state.resources.values()] : state.requests.resourcesOf(clientId)).filter(
    (resource) => resource.requestState === 'REQUEST_ALLOCATED' && !hasEnded(resource) && !isScaled(resource),
  );

/**
 * The events after a number; a snapshot instead when some of those are no longer kept, or when the number is from
 * another life of this state.
 */
export const readEvents = (state: State, { client_id: clientId, after }: ReadEvents): Reply.Events => {
  const { sequence } = state.durable;
  const forgotten = sequence - state.clientEvents.length;
  if (after < forgotten || after > sequence) {
    return { sequence, snapshot: { resources: allocatedResources(state, clientId).map(describeResource) } };
  }
  const events = state.clientEvents.slice(after - forgotten);
  return { sequence, events: clientId === undefined ? events : events.filter((event) => event.client_id === clientId) };
};
