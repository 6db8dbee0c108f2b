import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { DomainEvent } from '../events.js';
import type { Change, Json, State } from '../model.js';
import type { Effect } from '../effects.js';
import type { Requirements } from '../requirements.js';
import type { Settings } from '../settings.js';

/**
 * A mistake in the decisions, planted from outside: what they see, or what becomes of what they decided. The observer
 * sees what really happened.
 */
export interface Fault {
  readonly settings?: Partial<Settings>;
  /** false: ZooKeeper does not check who leads */
  readonly fenced?: boolean;
  readonly event?: (event: DomainEvent, state: State) => DomainEvent;
  readonly result?: (
    result: { readonly changes: readonly Change[]; readonly effects: readonly Effect[] },
    event: DomainEvent,
  ) => { readonly changes: readonly Change[]; readonly effects: readonly Effect[] };
}

export const noFault: Fault = {};

const without =
  (drop: (change: Change) => boolean): NonNullable<Fault['result']> =>
  ({ changes, effects }) => ({ changes: changes.filter((change) => !drop(change)), effects });

const silencing =
  (drop: (effect: Effect) => boolean): NonNullable<Fault['result']> =>
  ({ changes, effects }) => ({ changes, effects: effects.filter((effect) => !drop(effect)) });

const takenForDeath =
  (state: TaskStatus['state']): NonNullable<Fault['event']> =>
  (event) =>
    event.type === 'update' && event.status.state === state
      ? { ...event, status: { ...event.status, state: 'TASK_FAILED', source: 'SOURCE_AGENT' } }
      : event;

const killedOnce = (): NonNullable<Fault['result']> => {
  const killed = new Set<string>();
  return silencing((effect) => {
    const id = effect.type === 'call' ? effect.call.kill?.task_id : undefined;
    if (id === undefined) return false;
    const isRepeated = killed.has(id);
    killed.add(id);
    return isRepeated;
  });
};

/** Requests are matched as if they had asked for something else. */
const requiring = (requirements: Partial<Requirements>): Fault => ({
  event: (event, state) => {
    for (const request of state.requests.values()) Object.assign(request, { requirements: { ...request.requirements, ...requirements } });
    return event;
  },
});

/** The first task of an ACCEPT that has ports shares them with the others. */
const sharingPorts = (effect: Effect): Effect => {
  if (effect.type !== 'call' || effect.call.accept === undefined) return effect;
  const { accept } = effect.call;
  const infos = (accept.operations ?? []).flatMap(({ launch }) => launch?.task_infos ?? []);
  const ports = infos.flatMap(({ resources = [] }) => resources.filter(({ name }) => name === 'ports'));
  if (ports.length === 0) return effect;
  const task_infos = infos.map((info) => ({
    ...info,
    resources: [...(info.resources ?? []).filter(({ name }) => name !== 'ports'), ...ports],
  }));
  return { ...effect, call: { ...effect.call, accept: { ...accept, operations: [{ type: 'LAUNCH', launch: { task_infos } }] } } };
};

const withoutMaintenance = (change: Change): Change => {
  if (change.table !== 'resource' || change.value === null) return change;
  const { maintenance: _told, ...rest } = change.value as Record<string, Json>;
  return { ...change, value: rest };
};

/** By name; each is made anew for each history. */
export const plantedFaults: Record<string, () => Fault> = {
  'the intent is not persisted before the ACCEPT': () => ({ result: without(({ table }) => table === 'task') }),
  'a former leader can still write': () => ({ fenced: false }),
  'the counter of resources is not persisted': () => ({ result: without(({ table }) => table === 'meta') }),
  'a client event is not persisted': () => ({ result: without(({ table }) => table === 'event') }),
  'a request and its settled answer are not persisted': () => ({ result: without(({ table }) => table === 'request') }),
  'offers of a former term are used': () => ({
    event: (event, state) => {
      if (event.type !== 'offers') return event;
      state.leader.greeted = true;
      return { ...event, allocationTerm: state.leader.term };
    },
  }),
  'a redelivered offer is used again': () => ({
    event: (event, state) => {
      state.leader.handledOffers.clear();
      return event;
    },
  }),
  'an answer UNKNOWN is taken for NOT_SENT': () => ({
    event: (event) => (event.type === 'call-answered' && event.result === 'UNKNOWN' ? { ...event, result: 'NOT_SENT' } : event),
  }),
  'UNREACHABLE is taken for death': () => ({ event: takenForDeath('TASK_UNREACHABLE') }),
  'UNKNOWN is taken for death': () => ({ event: takenForDeath('TASK_UNKNOWN') }),
  'the delay is not waited for': () => ({ settings: { waitAllocatedSecs: 0 } }),
  'a status counts for the current subscription whenever it was said': () => ({
    event: (event, state) =>
      event.type === 'update' && state.leader.subscription !== undefined ? { ...event, subscription: state.leader.subscription } : event,
  }),
  'statuses count in the order in which they arrive': () => ({
    event: (event, state) => {
      if (event.type !== 'update') return event;
      const last = state.tasks.get(event.status.task_id.value)?.last;
      return last === undefined ? event : { ...event, subscription: last.subscription, sequence: last.sequence + 1 };
    },
  }),
  'a repeated request is a new one': () => ({
    event: (event, state) => {
      if (event.type !== 'request' || event.body.kind !== 'allocate') return event;
      const { allocate } = event.body;
      const request_id = `${allocate.request_id}#${state.durable.nextResource}`;
      return { ...event, body: { kind: 'allocate', allocate: { ...allocate, request_id } } };
    },
  }),
  'a KILL is not repeated': () => ({ result: killedOnce() }),
  'nothing is reconciled': () => ({ result: silencing((effect) => effect.type === 'call' && effect.call.reconcile !== undefined) }),
  'an unknown task is killed at first sight': () => ({
    event: (event, state) => {
      for (const { rounds } of state.leader.unknownTasks.values()) rounds.add(-1);
      return event;
    },
  }),
  'revives are forgotten': () => ({
    result: silencing((effect) => effect.type === 'desired-state' && effect.desiredState.revive_counter > 1),
  }),
  'hello is said only once': () => ({ result: silencing((effect) => effect.type === 'hello' && effect.allocationTerm > 1) }),
  'licences are not leased': () => ({
    event: (event, state) => {
      if (event.type === 'offers') state.leased.clear();
      return event;
    },
  }),
  'constraints are ignored': () => requiring({ constraints: [] }),
  'what GROUP_BY is to spread is placed anywhere': () => ({
    event: (event, state) => {
      for (const request of state.requests.values()) {
        const constraints = request.requirements.constraints.filter(({ operator }) => operator !== 'GROUP_BY');
        Object.assign(request, { requirements: { ...request.requirements, constraints } });
      }
      return event;
    },
  }),
  'aloneOnAgent is ignored': () => requiring({ aloneOnAgent: false }),
  'a deadline is ignored': () => ({
    event: (event, state) => {
      if (event.type === 'tick') for (const key of state.requests.keys()) state.timers.cancel(`deadline:${key}`);
      return requiring({ placeBy: undefined }).event?.(event, state) ?? event;
    },
  }),
  'revocable resources are used unasked': () => requiring({ revocable: true }),
  'the role of an offer is ignored': () => ({
    event: (event) =>
      event.type === 'offers' ? { ...event, offers: event.offers.map((offer) => ({ ...offer, allocation_info: { role: '*' } })) } : event,
  }),
  'a port is given to two tasks': () => ({ result: ({ changes, effects }) => ({ changes, effects: effects.map(sharingPorts) }) }),
  'an offer that nobody uses is not declined': () => ({
    result: silencing((effect) => effect.type === 'call' && effect.call.decline !== undefined),
  }),
  'an offer is held for as long as its start command takes': () => ({ settings: { resolveWorkloadSecs: 60 } }),
  'a rescinded offer is used': () => ({ event: (event) => (event.type === 'rescinds' ? { ...event, offerIds: [] } : event) }),
  'all nodes of another size are replaced at once': () => ({ settings: { rollAtATime: 5 } }),
  'nodes of another size are not replaced': () => ({ settings: { rollAtATime: 0 } }),
  'a stop hook is skipped': () => ({
    event: (event, state) => {
      for (const request of state.requests.values()) Object.assign(request, { workload: { ...request.workload, stop_hook: false } });
      return event;
    },
  }),
  'early deaths are forgotten': () => ({
    event: (event, state) => {
      if (event.type !== 'offers') return event;
      for (const request of state.requests.values()) {
        for (const agentId of request.avoided.keys()) state.earlyDeaths.delete(request, agentId);
        request.avoided.clear();
      }
      return event;
    },
  }),
  'a task is ready while its health check has not passed': () => ({
    event: (event) => {
      if (event.type !== 'update' || event.status.state !== 'TASK_RUNNING') return event;
      return { ...event, status: { ...event.status, healthy: true } };
    },
  }),
  'an owner is told of a maintenance whenever it is announced': () => ({
    event: (event, state) => {
      if (event.type !== 'inverse-offers') return event;
      state.leader.maintenance.clear();
      for (const resource of state.resources.values()) resource.maintenance = undefined;
      return event;
    },
  }),
  'of which maintenance an owner was told is not persisted': () => ({
    result: ({ changes, effects }) => ({ changes: changes.map(withoutMaintenance), effects }),
  }),
  'an owner is not told that maintenance is planned or moved': () => ({
    event: (event) => {
      if (event.type === 'inverse-offers') return { ...event, inverseOffers: [] };
      return event.type === 'offers' ? { ...event, offers: event.offers.map(({ unavailability: _, ...offer }) => offer) } : event;
    },
  }),
  'a framework id counts whenever it was said': () => ({
    event: (event, state) => {
      if (event.type === 'subscribed') state.durable.frameworkIdFrom = undefined;
      return event;
    },
  }),
};
