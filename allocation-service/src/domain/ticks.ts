import { forgetOldDeaths } from './avoidance/early-death.js';
import type { Context } from './context.js';
import { onHeldTooLong } from './deferred/deferred-workload.js';
import { onDeadline } from './deadline.js';
import { hintThoseReady, onDelayOver } from './delay.js';
import { onReviveDue } from './demand/demand.js';
import { onKillDue } from './stopping/kill.js';
import { onStopHookOver } from './stopping/stop-hook.js';
import { onAnswersDue, onLaunchesDue } from './launching/launching.js';
import { onMaintenanceNotRenewed } from './maintenance/announced.js';
import type { Task } from './model.js';
import { askDue, reconcileAll, reconcileImplicitly } from './reconciliation/reconciliation.js';
import { forgetEnded } from './retention.js';
import { onRollWatched, scaleNodes } from './scaling/scaling.js';
import { onHelloUnanswered } from './subscription.js';
import { onBackoffOver, onHeldBackOver } from './tasks/launch-backoff.js';
import { forgetSuperseded } from './tasks/task-end.js';
import { onLostTooLong } from './tasks/task-status.js';
import { onEmptyStateBelieved } from './reconciliation/unknown-tasks.js';

const ofTask =
  (due: (context: Context, task: Task) => void) =>
  (context: Context, taskId: string): void => {
    const task = context.state.tasks.get(taskId);
    if (task !== undefined) due(context, task);
  };

/** What is due when a timer ends; the part of its name after the colon is given. */
const handlers = {
  delay: ofTask(onDelayOver),
  lost: ofTask(onLostTooLong),
  launch: onLaunchesDue,
  superseded: ofTask(forgetSuperseded),
  kill: onKillDue,
  answer: onAnswersDue,
  'held-offer': onHeldTooLong,
  'stop-hook': onStopHookOver,
  backoff: onBackoffOver,
  'held-back': onHeldBackOver,
  hello: onHelloUnanswered,
  revive: onReviveDue,
  reconcile: askDue,
  'reconcile-all': reconcileAll,
  implicit: reconcileImplicitly,
  'began-empty': onEmptyStateBelieved,
  forget: forgetEnded,
  deadline: onDeadline,
  nodes: scaleNodes,
  roll: onRollWatched,
  avoided: forgetOldDeaths,
  maintenance: onMaintenanceNotRenewed,
} satisfies Record<string, (context: Context, about: string) => void>;

export type TimerKind = keyof typeof handlers;

const isKind = (kind: string): kind is TimerKind => kind in handlers;

export const onTick = (context: Context): void => {
  const { timers } = context.state;
  for (let name = timers.takeDue(context.now); name !== undefined; name = timers.takeDue(context.now)) {
    const colon = name.indexOf(':');
    const kind = colon < 0 ? name : name.slice(0, colon);
    if (isKind(kind)) handlers[kind](context, colon < 0 ? '' : name.slice(colon + 1));
  }
  hintThoseReady(context);
};
