import type { Quantities } from '@streams-on-mesos/messages';

/** Delays that double, or whatever `factor` says, up to a limit. */
export interface Backoff {
  readonly firstSecs: number;
  readonly factor: number;
  readonly maxSecs: number;
}

/** What the decisions depend on besides events and time. */
export interface Settings {
  /** The roles whose offers are used; the first is for requests that name none. */
  readonly roles: readonly string[];
  /** The user that tasks run as when their request names none; undefined: the framework's. */
  readonly mesosUser: string | undefined;
  /** How long a task must have been running, without a break, before its resource is ALLOCATED. */
  readonly waitAllocatedSecs: number;
  /** How long an ALLOCATED resource's task may be unreachable before it is given up. */
  readonly unreachableSecs: number;
  /** A KILL is repeated at this interval until the task has ended. */
  readonly killRetrySecs: number;
  /** A call without an answer for so long counts as answered UNKNOWN. */
  readonly callAnswerSecs: number;
  /** How long the start command of a deferred workload may take to come, and an offer is held for it. */
  readonly resolveWorkloadSecs: number;
  /** A stop hook that nobody answers for so long has not run. */
  readonly stopHookAnswerSecs: number;
  /** How long a task has to end by itself, from when its stop hook was asked for, before it is killed. */
  readonly stopTimeoutSecs: number;
  /** A launch that nobody reports within this time is reconciled. */
  readonly launchTimeoutSecs: number;
  /** The filter of a decline, and of what an accept leaves over. */
  readonly declineSecs: number;
  readonly relaunchBackoff: Backoff;
  /** How long an agent is avoided after the last early death on it. */
  readonly avoidAgentSecs: number;
  /** How long a request waits for offers of other agents before it uses one that it avoids. */
  readonly avoidedAgentSecs: number;
  /** Agents whose maintenance begins within this time are avoided as those above are. */
  readonly maintenanceHorizonSecs: number;
  /** An inverse offer that was answered is made again after this time. */
  readonly inverseOfferRefusalSecs: number;
  /** What has waited for longer has agents earmarked for it until there is room on them (0: never). */
  readonly earmarkAfterSecs: number;
  /** The filter of a decline of an agent that is earmarked for somebody: it is to be offered again as soon as it has more. */
  readonly earmarkedDeclineSecs: number;
  /** The least that a resource takes which asked for all that an offer has (cpus or mem 0). */
  readonly wholeOfferFloor: Quantities;
  /** Revives are at least so far apart. */
  readonly reviveMinSecs: number;
  /** A revive that no offers follow is repeated, ever more rarely. */
  readonly reviveRepeat: Backoff;
  /** What waits for so long although offers came is offered everything once more: some offers may have been lost on their way. */
  readonly reviveStuckSecs: number;
  /** A hello without an answer is repeated at this interval. */
  readonly helloRetrySecs: number;
  readonly reconcileRetry: Backoff;
  /** Everything is reconciled at this interval, whatever happens. */
  readonly reconcileAllSecs: number;
  /** Implicit reconciliations are so far apart while a task is unknown. */
  readonly implicitRetrySecs: number;
  /** How long Mesos must name no task of ours before a state that began empty is believed to be complete. */
  readonly emptyStateSecs: number;
  /** How long a task that was given up without proof of its death is remembered, to be killed if it returns. */
  readonly supersededKeptSecs: number;
  /** How long a request is remembered after its last resource has ended. */
  readonly requestKeptSecs: number;
  readonly endedKept: { readonly count: number; readonly secs: number };
  readonly eventsKept: number;
  readonly maxResourcesPerRequest: number;
  readonly maxNodes: number;
  /** So many scaled nodes are replaced at the same time when their size changes. */
  readonly rollAtATime: number;
  /** A change of the nodes' size that finds no offers is reported at this interval. */
  readonly rollWatchSecs: number;
  /** What the scaled nodes run: a shell command that any Mesos agent can run. */
  readonly nodeCommand: string;
  readonly nodeTaskPrefix: string;
  /** Of each scaled node, when the scaling config does not say. */
  readonly nodeQuantities: Quantities;
}

export const defaultSettings: Settings = {
  roles: ['*'],
  mesosUser: undefined,
  waitAllocatedSecs: 2,
  unreachableSecs: 300,
  killRetrySecs: 5,
  callAnswerSecs: 5,
  resolveWorkloadSecs: 2,
  stopHookAnswerSecs: 5,
  stopTimeoutSecs: 30,
  launchTimeoutSecs: 300,
  declineSecs: 3600,
  relaunchBackoff: { firstSecs: 1, factor: 2, maxSecs: 30 },
  avoidAgentSecs: 3600,
  avoidedAgentSecs: 5,
  maintenanceHorizonSecs: 3600,
  inverseOfferRefusalSecs: 60,
  earmarkAfterSecs: 60,
  earmarkedDeclineSecs: 5,
  wholeOfferFloor: { cpus: 0.5, mem: 256 },
  reviveMinSecs: 1,
  reviveRepeat: { firstSecs: 5, factor: 2, maxSecs: 60 },
  reviveStuckSecs: 300,
  helloRetrySecs: 5,
  reconcileRetry: { firstSecs: 2, factor: 2, maxSecs: 60 },
  reconcileAllSecs: 600,
  implicitRetrySecs: 15,
  emptyStateSecs: 900,
  supersededKeptSecs: 3600,
  requestKeptSecs: 3600,
  endedKept: { count: 1000, secs: 86_400 },
  eventsKept: 1000,
  maxResourcesPerRequest: 1000,
  maxNodes: 10_000,
  rollAtATime: 1,
  rollWatchSecs: 60,
  nodeCommand: 'while :; do sleep 60; done',
  nodeTaskPrefix: 'node',
  nodeQuantities: { cpus: 0.2, mem: 32 },
};
