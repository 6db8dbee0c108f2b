import type { ClientEvent } from '@streams-on-mesos/messages';
import type { EarlyDeathRecord } from './avoidance/early-death-record.js';
import { earlyDeathKey, loadEarlyDeaths } from './avoidance/early-death-record.js';
import { EarlyDeaths } from './avoidance/early-deaths.js';
import { LivingWorkloads } from './avoidance/living-workloads.js';
import { FutureStateError } from './future-state-error.js';
import { newLeader } from './leader.js';
import { WaitingRequests } from './waiting/waiting-requests.js';
import type { Change, Request, Resource, State, Task } from './model.js';
import type { MetaRecord, RequestRecord, ResourceRecord, TaskRecord } from './records.js';
import { STATE_VERSION } from './records.js';
import { newClientRequest } from './requests/requests.js';
import { RequestsByOwner } from './requests/requests-by-owner.js';
import { indexResource, resourceOf } from './resources.js';
import type { ScalingConfig } from './scaling/scaling-config.js';
import { newScalingRequest } from './scaling/scaling.js';
import { addTask } from './tasks/tasks.js';
import type { Settings } from './settings.js';
import { Timers } from './timers.js';

type Tables = Record<string, Map<string, unknown>>;

const tablesOf = (records: Iterable<Change>): Tables => {
  const tables: Tables = {};
  for (const { table, key, value } of records) {
    const rows = (tables[table] ??= new Map<string, unknown>());
    if (value === null) rows.delete(key);
    else rows.set(key, value);
  }
  return tables;
};

const rows = <R>(tables: Tables, table: string): [string, R][] => [...(tables[table] ?? [])] as [string, R][];

const resourceNumber = (id: string): number => Number(id.slice(id.lastIndexOf('_') + 1));

const loadRequest = (key: string, row: RequestRecord, settings: Settings): Request => {
  const request =
    row.allocate === undefined
      ? newScalingRequest(settings, row.createdAt, row.traceId)
      : newClientRequest(settings, key, row.allocate, row.createdAt, row.traceId);
  request.settledSequence = row.settledSequence;
  request.endedAt = row.endedAt;
  for (const [agent, at] of Object.entries(row.avoided ?? {})) request.avoided.set(agent, at);
  for (const agent of row.livesElsewhere ?? []) request.livesElsewhere.add(agent);
  return request;
};

/** An earlier release kept them in the request's record, which the next write of it leaves out. */
const noteInlineDeaths = (state: State, request: Request): void => {
  state.outdated.push(['request', request.key]);
  for (const agent of request.avoided.keys()) state.outdated.push(['early-death', earlyDeathKey(request.key, agent)]);
};

const loadResource = (id: string, row: ResourceRecord, request: Request): Resource => ({
  id,
  number: resourceNumber(id),
  request,
  createdAt: row.createdAt,
  state: row.state,
  requestState: row.requestState,
  completion: row.completion,
  requested: row.requested,
  launches: row.launches,
  settledAs: row.settledAs,
  placement: row.placement,
  message: row.message,
  endedAt: row.endedAt,
  stopHookSince: row.stopHookSince,
  maintenance: row.maintenance,
  task: undefined,
  notBefore: 0,
});

const loadTask = (id: string, row: TaskRecord): Task => ({
  id,
  resourceId: row.resource,
  agentId: row.agent,
  killGraceSecs: row.killGraceSecs,
  hasHealthCheck: row.hasHealthCheck ?? false,
  licences: row.licences ?? [],
  traceId: row.traceId,
  phase: row.phase,
  seen: row.seen,
  lostSince: row.lostSince,
  supersededAt: row.supersededAt,
  last: row.last,
  heardIn: undefined,
  runningSince: undefined,
  unknownAnswers: 0,
  refused: row.refused ?? false,
});

const refuseFuture = (meta: MetaRecord | undefined): void => {
  if (meta === undefined || meta.version <= STATE_VERSION) return;
  throw new FutureStateError('the state in ZooKeeper has version', meta.version, STATE_VERSION);
};

/**
 * Builds the state from its durable records, the last one of a key counts.
 * @throws FutureStateError
 */
export const loadState = (records: Iterable<Change>, settings: Settings, now: number): State => {
  const tables = tablesOf(records);
  const meta = tables['meta']?.get('state') as MetaRecord | undefined;
  refuseFuture(meta);
  const state: State = {
    settings,
    durable: {
      nextResource: meta?.nextResource ?? 0,
      sequence: meta?.sequence ?? 0,
      term: meta?.term ?? 0,
      frameworkId: meta?.frameworkId,
      frameworkIdFrom: meta?.frameworkIdFrom,
      beganEmpty: meta?.beganEmpty ?? true,
    },
    scaling: tables['config']?.get('scaling') as ScalingConfig | undefined,
    requests: new RequestsByOwner(),
    resources: new Map(),
    tasks: new Map(),
    tasksByAgent: new Map(),
    leased: new Map(),
    earlyDeaths: new EarlyDeaths(),
    livingWorkloads: new LivingWorkloads(),
    clientEvents: rows<ClientEvent>(tables, 'event')
      .map(([, event]) => event)
      .sort((a, b) => a.sequence - b.sequence),
    waiting: new WaitingRequests(settings.wholeOfferFloor),
    ended: new Set(),
    timers: new Timers(),
    outdated: [],
    leader: newLeader(),
  };
  for (const [key, row] of rows<RequestRecord>(tables, 'request')) {
    const request = loadRequest(key, row, settings);
    state.requests.set(key, request);
    if (row.avoided !== undefined) noteInlineDeaths(state, request);
  }
  for (const key of loadEarlyDeaths(state, rows<EarlyDeathRecord>(tables, 'early-death'))) state.outdated.push(['early-death', key]);
  for (const [id, row] of rows<TaskRecord>(tables, 'task')) addTask(state, loadTask(id, row));
  loadResources(state, rows<ResourceRecord>(tables, 'resource'));
  setTimers(state, now);
  return state;
};

const loadResources = (state: State, resourceRows: [string, ResourceRecord][]): void => {
  const resources = resourceRows.flatMap(([id, row]) => {
    const request = state.requests.get(row.request);
    return request === undefined ? [] : [loadResource(id, row, request)];
  });
  resources.sort((a, b) => a.number - b.number);
  for (const resource of resources) {
    const task = state.tasks.get(resource.placement?.taskId ?? '');
    if (resource.endedAt === undefined && task?.supersededAt === undefined) resource.task = task;
    indexResource(state, resource);
  }
  const byEnd = [...state.ended].sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  state.ended.clear();
  for (const resource of byEnd) state.ended.add(resource);
};

/** Timers are not durable: this sets those that follow from the records. */
const setTimers = (state: State, now: number): void => {
  const { settings, timers, leader } = state;
  for (const task of state.tasks.values()) {
    if (task.supersededAt !== undefined) timers.set(`superseded:${task.id}`, task.supersededAt + settings.supersededKeptSecs * 1000);
    else if (task.lostSince !== undefined) timers.set(`lost:${task.id}`, Math.max(now, task.lostSince + settings.unreachableSecs * 1000));
    else if (resourceOf(state, task)?.state === 'LAUNCHED') leader.launchesDue.add(timers, now + settings.launchTimeoutSecs * 1000, task);
  }
  if (state.durable.beganEmpty) timers.set('began-empty', now + settings.emptyStateSecs * 1000);
  timers.set('forget', now);
  timers.set('avoided', now);
};
