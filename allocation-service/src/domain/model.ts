import type { Allocate, ClientEvent, Quantities, Resource as ResourceMessage, Subscription, Workload } from '@streams-on-mesos/messages';
import type { Effect } from './effects.js';
import type { ScalingConfig } from './scaling-config.js';
import type { Settings } from './settings.js';
import type { Timers } from './timers.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One record of durable state; value null = removed. Everything durable is records: a journal entry is Change[], a snapshot all records. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly value: Json;
}

/** `state` may be the object that was given, changed in place. The effects leave in order, only after `changes` are durable. */
export interface Step {
  readonly state: State;
  readonly changes: Change[];
  readonly effects: Effect[];
}

/** Where a status stands among all statuses; later ones of a task replace earlier ones. */
export interface StatusPosition {
  readonly subscription: Subscription;
  readonly sequence: number;
}

/** What several resources were asked for with: a client's Allocate, or the scaled nodes together. */
export interface Request {
  readonly key: string;
  /** The client id, or "scaling". */
  readonly owner: string;
  /** Absent for the scaled nodes. */
  readonly allocate: Allocate | undefined;
  readonly workload: Workload;
  readonly taskPrefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly traceId: string;
  /** Its resources are `resource_<first>` and so on; those of the scaled nodes are not contiguous. */
  readonly firstResource: number;
  /** The client event sequence that the answer to Settle named; undefined until settled. */
  settledSequence: number | undefined;
  /** When its last resource ended. */
  endedAt: number | undefined;
  /** Agents on which a task of this request died early, and when the last one did. */
  readonly avoided: Map<string, number>;

  // from here on known to this leader only
  readonly resources: Set<Resource>;
  /** Those in state NEW. */
  readonly waiting: Set<Resource>;
  backoff: { readonly level: number; readonly until: number };
  /** Since when it waits for an agent that it doesn't avoid, while only avoided ones were offered. */
  heldBackSince: number | undefined;
}

/** See reference of the original: states of a resource and of the request for it are two things. */
export interface Resource {
  readonly id: string;
  readonly number: number;
  readonly request: Request;
  state: ResourceMessage.State;
  requestState: ResourceMessage.RequestState;
  /** The terminal state of its last task without TASK_, or NONE. */
  completion: string;
  requested: Quantities;
  /** How often it was launched: the number of its next task. */
  launches: number;
  /** What Settle answered for it; undefined until settled. */
  settledAs: 'ALLOCATED' | 'PENDING' | undefined;
  readonly createdAt: number;
  endedAt: number | undefined;
  /** The task that counts, none while NEW; of an ended resource the last one. */
  task: Task | undefined;

  /** Not launched before: the back-off of its request at the time its last task died. */
  notBefore: number;
}

export interface Task {
  readonly id: string;
  readonly resource: Resource | undefined;
  readonly agentId: string;
  readonly host: string;
  readonly quantities: Quantities;
  readonly killGraceSecs: number | undefined;
  readonly traceId: string;
  readonly launchedAt: number;
  phase: 'LAUNCHED' | 'RUNNING' | 'LOST';
  /** Its agent or executor has said something about it, so the master's refusals of it no longer count. */
  seen: boolean;
  /** Since when it is unreachable, unknown or lost. */
  lostSince: number | undefined;
  /** Since when it no longer counts for its resource: killed if it returns. */
  supersededAt: number | undefined;
  /** The last status of it that counted. */
  last: StatusPosition | undefined;

  // from here on known to this leader only
  /** Since when it is running and ready without a break, by this leader's clock. */
  runningSince: number | undefined;
  /** TASK_UNKNOWN answers since the first KILL. */
  unknownAnswers: number;
  killedAt: number | undefined;
  reconcileAttempts: number;
}

/** An unknown task that Mesos reported as ours. */
export interface UnknownTask {
  readonly id: string;
  agentId: string | undefined;
  last: StatusPosition;
  /** The implicit reconciliations that named it. */
  readonly rounds: Set<number>;
}

export interface Durable {
  nextResource: number;
  /** The last client event's number. */
  sequence: number;
  /** The term that wrote last. */
  term: number;
  frameworkId: string | undefined;
  /** The state began empty and Mesos has not yet been silent about tasks of ours for long enough. */
  beganEmpty: boolean;
}

/** What only this leader, in this term, knows: nothing of it outlives it. */
export interface Leader {
  term: number;
  /** Ids of calls are `<term>-<n>`. */
  calls: number;
}

/** Everything that allocation-service knows. Its only owner is the leader's loop. */
export interface State {
  readonly settings: Settings;
  readonly durable: Durable;
  readonly requests: Map<string, Request>;
  readonly resources: Map<string, Resource>;
  readonly tasks: Map<string, Task>;
  /** Oldest first, without gaps up to `durable.sequence`. */
  readonly clientEvents: ClientEvent[];
  scaling: ScalingConfig | undefined;
  readonly timers: Timers;
  readonly leader: Leader;
}
