import type {
  Allocate,
  ClientEvent,
  Licence,
  Maintenance,
  Quantities,
  Resource as ResourceMessage,
  Subscription,
  Workload,
} from '@streams-on-mesos/messages';
import type { EarlyDeaths } from './avoidance/early-deaths.js';
import type { LivingWorkloads } from './avoidance/living-workloads.js';
import type { Table } from './context.js';
import type { Effect } from './effects.js';
import type { Leader } from './leader.js';
import type { Need } from './matching/need.js';
import type { FieldValues } from './constraints/placement-rules.js';
import type { RequestKind } from './waiting/request-kind.js';
import type { WaitingRequests } from './waiting/waiting-requests.js';
import type { RequestsByOwner } from './requests/requests-by-owner.js';
import type { Requirements } from './requirements.js';
import type { ScalingConfig } from './scaling/scaling-config.js';
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

/** Where a status stands among all statuses; of one task, earlier ones no longer count after a later one. */
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
  readonly requirements: Requirements;
  readonly taskPrefix: string;
  readonly createdAt: number;
  readonly traceId: string;
  /** The client event sequence that the answer to Settle named; undefined until settled. */
  settledSequence: number | undefined;
  /** When its last resource ended; undefined while one lives. */
  endedAt: number | undefined;
  /** Agents on which a task of this request died early, and when the last one did. */
  readonly avoided: Map<string, number>;
  /** Of those, the agents on which its workload died although it lived on another one. */
  readonly livesElsewhere: Set<string>;

  // From here on known to this leader only.
  /** In the order of their numbers. */
  readonly resources: Set<Resource>;
  /** Those in state NEW. */
  readonly waiting: Set<Resource>;
  /** How many have not ended. */
  living: number;
  /** Resources whose task died are not launched again before `until`. */
  backoff: { readonly level: number; readonly until: number };
  /** Why its start command could not be had, and when it was asked for last; undefined: never, or it was had since. */
  lastWorkloadFault: { readonly message: string; readonly at: number } | undefined;
  /** What a resource of it needs, as was found out last: nearly always all need the same. */
  need: Need | undefined;
  /** The number of its first resource: numbers are given in the order of arrival. */
  firstNumber: number;
  /** Something of it waits. */
  isWaiting: boolean;
  /** What it waits among, or did last. */
  kind: RequestKind | undefined;
  /** Since when agents that it avoids are passed over although they have room. */
  heldBackSince: number | undefined;
}

/** Where a resource was last launched. */
export interface Placement {
  readonly taskId: string;
  readonly agentId: string;
  readonly host: string;
  readonly quantities: Quantities;
  /** What the agent has for the fields that the request's constraints name, for those that it has. */
  readonly fields?: FieldValues | undefined;
}

/** What a client holds: at any time at most one task that is not superseded. */
export interface Resource {
  readonly id: string;
  readonly number: number;
  readonly request: Request;
  readonly createdAt: number;
  state: ResourceMessage.State;
  requestState: ResourceMessage.RequestState;
  /** The terminal state of its last task without TASK_; NONE before. */
  completion: string;
  requested: Quantities;
  /** How often it was launched: the number of its next task. */
  launches: number;
  /** What the answer to Settle said; undefined until settled. */
  settledAs: 'ALLOCATED' | 'PENDING' | undefined;
  /** Of the current task, and of the last one when it has ended. */
  placement: Placement | undefined;
  /** Why it is as it is, in words. */
  message: string | undefined;
  endedAt: number | undefined;
  /** Since when its stop hook has time to end its task; undefined: it has none, or the task is being killed. */
  stopHookSince: number | undefined;
  /**
   * The maintenance of its agent that its owner was told of last, and whether that was called off since; of a scaled node: the one
   * for which it is being replaced.
   */
  maintenance: { readonly window: Maintenance; readonly calledOff: boolean } | undefined;

  // From here on known to this leader only.
  /** The one that counts. */
  task: Task | undefined;
  notBefore: number;
}

/** A Mesos task that runs, may run, or may come back. */
export interface Task {
  readonly id: string;
  readonly resourceId: string;
  readonly agentId: string;
  readonly killGraceSecs: number | undefined;
  /** It is not ready before Mesos has said that it is healthy. */
  readonly hasHealthCheck: boolean;
  /** Leased for it. */
  readonly licences: readonly Licence[];
  readonly traceId: string;
  phase: 'LAUNCHED' | 'RUNNING' | 'LOST';
  /** Its agent or executor has spoken of it, so a refusal by the master is not about this launch. */
  seen: boolean;
  /** Since when it is unreachable, unknown or lost. */
  lostSince: number | undefined;
  /** Since when it no longer counts for its resource: it is killed if it returns. */
  supersededAt: number | undefined;
  /** It was given up since the master refused to launch it, and no agent has spoken of it since. */
  refused: boolean;
  /** The last status that counted. */
  last: StatusPosition | undefined;

  // From here on known to this leader only.
  /** The subscription in which this leader last heard of it. */
  heardIn: Subscription | undefined;
  /** Since when it is running and ready without a break, by this leader's clock. */
  runningSince: number | undefined;
  /** How often Mesos said that it doesn't know it since it was told to kill it. */
  unknownAnswers: number;
}

/** What outlives a leader besides requests, resources and tasks. */
export interface Durable {
  /** The number of the next new resource. */
  nextResource: number;
  /** The number of the last client event. */
  sequence: number;
  /** The term that wrote last. */
  term: number;
  frameworkId: string | undefined;
  /** The subscription that named it: what an earlier one said may arrive late and no longer counts. */
  frameworkIdFrom: Subscription | undefined;
  /** The state began without a record, and Mesos was not yet silent about unknown tasks for long enough to believe that this is right. */
  beganEmpty: boolean;
}

/** A record by its table and key. */
export type Outdated = readonly [table: Table, key: string];

/** Everything that allocation-service knows. Its only owner is the leader's loop. */
export interface State {
  readonly settings: Settings;
  readonly durable: Durable;
  scaling: ScalingConfig | undefined;
  readonly requests: RequestsByOwner;
  readonly resources: Map<string, Resource>;
  readonly tasks: Map<string, Task>;
  /** An index of `tasks`, superseded ones too, by agent id. */
  readonly tasksByAgent: Map<string, Task[]>;
  /** How many of each licence the tasks need together. */
  readonly leased: Map<string, number>;
  readonly earlyDeaths: EarlyDeaths;
  readonly livingWorkloads: LivingWorkloads;
  /** Without gaps up to `durable.sequence`. */
  readonly clientEvents: ClientEvent[];
  /** Requests with a resource in state NEW. */
  readonly waiting: WaitingRequests;
  /** Resources that ended, in the order in which they did. */
  readonly ended: Set<Resource>;
  readonly timers: Timers;
  /** Records in a form of their own that an earlier release wrote, or that belong to nothing: the term's first step writes them anew. */
  readonly outdated: Outdated[];
  readonly leader: Leader;
}
