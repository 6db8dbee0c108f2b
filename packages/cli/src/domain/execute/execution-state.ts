import type { CallResult, Offer, TaskState, TaskStatus } from '@streams-on-mesos/mesos';
import type { ExecutionPlan } from './execution-plan.js';
import type { Happening } from './happenings.js';

/** What the runner is asked to say again later; one that no longer matters is ignored. */
export type Alarm =
  | { readonly kind: 'no-master' | 'no-offer' | 'reconcile' | 'timeout' | 'kill-again' | 'give-up' }
  | { readonly kind: 'kill-after'; readonly taskId: string };

export type ExecutionEvent =
  | { readonly type: 'started' }
  | { readonly type: 'subscribed'; readonly frameworkId: string }
  | { readonly type: 'offers'; readonly offers: readonly Offer[] }
  /** What became of the call that launches. */
  | { readonly type: 'accepted'; readonly result: CallResult }
  | { readonly type: 'status'; readonly status: TaskStatus }
  /** No attempt will help. */
  | { readonly type: 'refused'; readonly reason: string }
  /** An attempt to subscribe failed; more follow. */
  | { readonly type: 'not-subscribed'; readonly reason: string }
  | { readonly type: 'interrupted' }
  | { readonly type: 'alarm'; readonly alarm: Alarm };

export interface TaskRef {
  readonly taskId: string;
  readonly agentId: string;
}

export type ExecutionEffect =
  | { readonly type: 'accept'; readonly offerId: string; readonly operation: Offer.Operation }
  | { readonly type: 'decline'; readonly offerIds: readonly string[] }
  | { readonly type: 'acknowledge'; readonly status: TaskStatus }
  | { readonly type: 'kill'; readonly task: TaskRef }
  | { readonly type: 'reconcile'; readonly tasks: readonly TaskRef[] }
  | { readonly type: 'suppress' | 'revive' }
  | { readonly type: 'alarm'; readonly alarm: Alarm; readonly inMs: number }
  | { readonly type: 'tell'; readonly happening: Happening }
  /** Besides what happens: why it takes so long. */
  | { readonly type: 'note'; readonly text: string }
  /** `failure`: why what was asked for did not come about. */
  | { readonly type: 'end'; readonly failure: string | undefined };

/** What is known of a task that was launched. */
export interface TaskProgress {
  readonly state: TaskState | undefined;
  /** The update that was told of last; Mesos sends it until it is acknowledged. */
  readonly uuid: string | undefined;
  /** Terminal. */
  readonly end: TaskStatus | undefined;
  /** Answers in a row that nobody knows it. */
  readonly unknown: number;
}

export interface ExecutionState {
  readonly plan: ExecutionPlan;
  readonly phase: 'waiting' | 'launched' | 'over';
  readonly frameworkId: string | undefined;
  readonly agentId: string;
  /** By the ids of the tasks. */
  readonly tasks: Readonly<Record<string, TaskProgress>>;
  /** Why it is being ended before its time. */
  readonly stopping: string | undefined;
  /** What stands in the way at the moment. */
  readonly obstacle: string | undefined;
}

export interface ExecutionStep {
  readonly state: ExecutionState;
  /** In order. */
  readonly effects: readonly ExecutionEffect[];
}

export const newExecution = (plan: ExecutionPlan): ExecutionState => ({
  plan,
  phase: 'waiting',
  frameworkId: undefined,
  agentId: '',
  tasks: {},
  stopping: undefined,
  obstacle: undefined,
});
