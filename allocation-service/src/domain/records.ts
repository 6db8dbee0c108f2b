import type { Allocate, ClientEvent, Licence, Subscription } from '@streams-on-mesos/messages';
import type { Context, Table } from './context.js';
import type { Change, Json, Placement, Request, Resource, State, Task } from './model.js';
import type { EarlyDeathRecord } from './avoidance/early-death-record.js';
import { earlyDeathRecord } from './avoidance/early-death-record.js';
import type { ScalingConfig } from './scaling/scaling-config.js';

/** Raised when an older version of this service could no longer read the state. */
export const STATE_VERSION = 1;

/** What the records look like; everything else in the state follows from them. */
export interface MetaRecord {
  version: number;
  nextResource: number;
  sequence: number;
  term: number;
  frameworkId?: string;
  frameworkIdFrom?: Subscription;
  beganEmpty: boolean;
}

export interface RequestRecord {
  allocate?: Allocate;
  createdAt: number;
  traceId: string;
  settledSequence?: number;
  endedAt?: number;
  /** What releases before the records of early deaths wrote: read, never written. */
  avoided?: Record<string, number>;
  livesElsewhere?: string[];
}

export interface ResourceRecord {
  request: string;
  createdAt: number;
  state: Resource['state'];
  requestState: Resource['requestState'];
  completion: string;
  requested: Resource['requested'];
  launches: number;
  settledAs?: 'ALLOCATED' | 'PENDING';
  placement?: Placement;
  message?: string;
  endedAt?: number;
  stopHookSince?: number;
  maintenance?: Resource['maintenance'];
}

export interface TaskRecord {
  resource: string;
  agent: string;
  killGraceSecs?: number;
  hasHealthCheck?: boolean;
  licences?: readonly Licence[];
  traceId: string;
  phase: Task['phase'];
  seen: boolean;
  lostSince?: number;
  supersededAt?: number;
  refused?: true;
  last?: { subscription: Subscription; sequence: number };
}

/** A deep copy without what is undefined: what is written must not change with the state. */
const record = (value: MetaRecord | RequestRecord | EarlyDeathRecord | ScalingConfig | ClientEvent): Json =>
  JSON.parse(JSON.stringify(value)) as Json;

const requestRecord = (request: Request): Json =>
  record({
    allocate: request.allocate,
    createdAt: request.createdAt,
    traceId: request.traceId,
    settledSequence: request.settledSequence,
    endedAt: request.endedAt,
  } as RequestRecord);

// What is written most often is built without a detour through JSON. Quantities, placements, windows, licences and positions are
// never changed, only replaced, so records share them.

const resourceRecord = (resource: Resource): Json => {
  const { request, createdAt, state, requestState, completion, requested, launches } = resource;
  const { settledAs, placement, message, endedAt, stopHookSince, maintenance } = resource;
  const row: ResourceRecord =
    placement === undefined
      ? { request: request.key, createdAt, state, requestState, completion, requested, launches }
      : { request: request.key, createdAt, state, requestState, completion, requested, launches, placement };
  if (settledAs !== undefined) row.settledAs = settledAs;
  if (message !== undefined) row.message = message;
  if (endedAt !== undefined) row.endedAt = endedAt;
  if (stopHookSince !== undefined) row.stopHookSince = stopHookSince;
  if (maintenance !== undefined) row.maintenance = maintenance;
  return row as unknown as Json;
};

const taskRecord = (task: Task): Json => {
  const { killGraceSecs, licences, lostSince, supersededAt, last } = task;
  const row: TaskRecord = { resource: task.resourceId, agent: task.agentId, traceId: task.traceId, phase: task.phase, seen: task.seen };
  if (killGraceSecs !== undefined) row.killGraceSecs = killGraceSecs;
  if (task.hasHealthCheck) row.hasHealthCheck = true;
  if (licences.length > 0) row.licences = licences;
  if (lostSince !== undefined) row.lostSince = lostSince;
  if (supersededAt !== undefined) row.supersededAt = supersededAt;
  if (task.refused) row.refused = true;
  if (last !== undefined) row.last = last;
  return row as unknown as Json;
};

const clientEvent = (state: State, sequence: number): ClientEvent | undefined =>
  state.clientEvents[sequence - 1 - (state.durable.sequence - state.clientEvents.length)];

const valueOf = (state: State, table: Table, key: string): Json => {
  switch (table) {
    case 'meta':
      return record({ version: STATE_VERSION, ...state.durable } as MetaRecord);
    case 'config':
      return state.scaling === undefined ? null : record(state.scaling);
    case 'request': {
      const request = state.requests.get(key);
      return request === undefined ? null : requestRecord(request);
    }
    case 'early-death': {
      const death = earlyDeathRecord(state, key);
      return death === undefined ? null : record(death);
    }
    case 'resource': {
      const resource = state.resources.get(key);
      return resource === undefined ? null : resourceRecord(resource);
    }
    case 'task': {
      const task = state.tasks.get(key);
      return task === undefined ? null : taskRecord(task);
    }
    case 'event': {
      const event = clientEvent(state, Number(key));
      return event === undefined ? null : record(event);
    }
  }
};

/** What has to be written of a step. */
export const changesOf = (context: Context): Change[] => {
  const changes: Change[] = [];
  const { touched } = context;
  for (const resource of context.launched) {
    const { id, task } = resource;
    if (touched.get('resource')?.has(id) !== true) changes.push({ table: 'resource', key: id, value: resourceRecord(resource) });
    if (task !== undefined && touched.get('task')?.has(task.id) !== true)
      changes.push({ table: 'task', key: task.id, value: taskRecord(task) });
  }
  for (const [table, keys] of touched) {
    for (const key of keys) changes.push({ table, key, value: valueOf(context.state, table, key) });
  }
  return changes;
};
