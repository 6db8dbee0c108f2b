import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { after, touch } from '../context.js';
import { breakDelay, confirmRunning } from '../delay.js';
import type { UpdateEvent } from '../events.js';
import { endKill, killTask } from '../stopping/kill.js';
import type { Resource, Task } from '../model.js';
import { comparePositions, sameSubscription } from '../positions.js';
import { reconciled, reconcileTasks } from '../reconciliation/reconciliation.js';
import { isScaled, noteNodeReady, resourceOf } from '../resources.js';
import { isReady } from './readiness.js';
import type { TaskEnd } from './task-end.js';
import { endTask, neverLaunched } from './task-end.js';
import { noteUnknownTask } from '../reconciliation/unknown-tasks.js';

/** A status of a task: however late, doubled or out of order, the newest one of each task counts. */
export const onUpdate = (context: Context, { subscription, sequence, status }: UpdateEvent): void => {
  const { state } = context;
  const task = state.tasks.get(status.task_id.value);
  const position = { subscription, sequence };
  if (task === undefined) {
    noteUnknownTask(context, status, position);
    return;
  }
  if (task.last !== undefined && comparePositions(position, task.last) <= 0) return;
  task.last = position;
  task.heardIn = subscription;
  reconciled(context, task.id);
  if (task.supersededAt === undefined) onCurrentStatus(context, task, status);
  else onSupersededStatus(context, task, status);
};

type Meaning = 'ALIVE' | 'RUNNING' | 'LOST' | 'ENDED' | 'REFUSED' | 'GONE';

const meanings: Record<TaskStatus['state'], Meaning> = {
  TASK_STAGING: 'ALIVE',
  TASK_STARTING: 'ALIVE',
  TASK_KILLING: 'ALIVE',
  TASK_RUNNING: 'RUNNING',
  TASK_FINISHED: 'ENDED',
  TASK_FAILED: 'ENDED',
  TASK_KILLED: 'ENDED',
  TASK_ERROR: 'REFUSED',
  TASK_DROPPED: 'REFUSED',
  // Whoever registered again no longer knows it, or an operator gave it up: it may have been a mistake.
  TASK_GONE: 'GONE',
  TASK_GONE_BY_OPERATOR: 'GONE',
  // A master that was just elected answers UNKNOWN for a task whose agent has not registered again and runs it still.
  TASK_UNKNOWN: 'LOST',
  TASK_UNREACHABLE: 'LOST',
  TASK_LOST: 'LOST',
};

const isFromMaster = (status: TaskStatus): boolean => status.source === undefined || status.source === 'SOURCE_MASTER';

const completionOf = (status: TaskStatus): string => status.state.replace('TASK_', '');

/** It runs, by itself or as told by the master in reconciliation: then an agent had said so. */
const isSeen = (status: TaskStatus): boolean =>
  !isFromMaster(status) || ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'].includes(status.state);

const onCurrentStatus = (context: Context, task: Task, status: TaskStatus): void => {
  const resource = resourceOf(context.state, task);
  if (resource === undefined) return;
  if (!task.seen && isSeen(status)) {
    task.seen = true;
    touch(context, 'task', task.id);
  }
  switch (meanings[status.state]) {
    case 'ALIVE':
      onAlive(context, task);
      breakDelay(context, task);
      return;
    case 'RUNNING':
      onRunning(context, task, resource, status);
      return;
    case 'LOST':
      onLost(context, task, resource, status);
      return;
    case 'ENDED':
      endTask(context, task, reported(status, true));
      return;
    case 'GONE':
      endTask(context, task, task.seen ? reported(status, false) : neverLaunched(completionOf(status), false));
      return;
    case 'REFUSED':
      onRefused(context, task, status);
      return;
  }
};

const reported = (status: TaskStatus, proven: boolean): TaskEnd => ({
  completion: completionOf(status),
  proven,
  // What is wrong with the task itself is wrong on every agent.
  blamesAgent: status.state !== 'TASK_ERROR',
  backsOff: true,
  message: status.message,
});

/** The master knows it, so it was launched; while it is lost, this brings it back. */
const onAlive = (context: Context, task: Task): void => {
  task.unknownAnswers = 0;
  context.state.timers.cancel(`lost:${task.id}`);
  if (task.lostSince === undefined) return;
  task.lostSince = undefined;
  task.phase = 'LAUNCHED';
  touch(context, 'task', task.id);
};

const onRunning = (context: Context, task: Task, resource: Resource, status: TaskStatus): void => {
  onAlive(context, task);
  if (task.phase !== 'RUNNING') {
    task.phase = 'RUNNING';
    if (isScaled(resource)) noteNodeReady(context);
    touch(context, 'task', task.id);
  }
  if (resource.state === 'STOPPING') return;
  if (resource.state !== 'RUNNING') {
    resource.state = 'RUNNING';
    touch(context, 'resource', resource.id);
  }
  if (isReady(task, status)) confirmRunning(context, task);
  else breakDelay(context, task);
};

/** Not death: it may run on and return. It is given up after a time, before ALLOCATED at once. */
const onLost = (context: Context, task: Task, resource: Resource, status: TaskStatus): void => {
  const { state, now } = context;
  breakDelay(context, task);
  if (task.lostSince === undefined) {
    task.lostSince = now;
    task.phase = 'LOST';
    touch(context, 'task', task.id);
  }
  if (resource.state === 'STOPPING' && status.state === 'TASK_UNKNOWN') task.unknownAnswers += 1;
  const holds = resource.requestState === 'REQUEST_ALLOCATED' || resource.state === 'STOPPING';
  const until = task.lostSince + (holds ? state.settings.unreachableSecs * 1000 : 0);
  if (now >= until || task.unknownAnswers >= 2) endTask(context, task, neverLaunched('LOST', false));
  else state.timers.set(`lost:${task.id}`, until);
};

/** It has been lost for as long as it may be; only if that is what Mesos says now, not what it said before a takeover. */
export const onLostTooLong = (context: Context, task: Task): void => {
  const { state } = context;
  if (task.lostSince === undefined || resourceOf(state, task) === undefined) return;
  const isCurrent = state.leader.connected && sameSubscription(task.heardIn, state.leader.subscription);
  if (isCurrent) endTask(context, task, neverLaunched('LOST', false));
  else reconcileTasks(context, [task]);
};

/** The master refused a launch of this id: of this one only if no agent ever spoke of it. */
const onRefused = (context: Context, task: Task, status: TaskStatus): void => {
  if (!isFromMaster(status)) {
    endTask(context, task, reported(status, true));
  } else if (task.seen) {
    // Some launch of this id was refused, and another one runs or has ended: Mesos knows which.
    reconcileTasks(context, [task]);
  } else {
    const isStaleOffer = status.reason === 'REASON_INVALID_OFFERS';
    endTask(context, task, { ...neverLaunched(completionOf(status), false), backsOff: !isStaleOffer, message: status.message });
    task.refused = true;
    // Others may wait for its licences: they need not wait for as long as for a task that may return.
    if (task.licences.length > 0) reconcileTasks(context, [task]);
  }
};

/** The master refused it and does not know it: nothing of that name was launched. */
const isRefusalConfirmed = (task: Task, { state, reason }: TaskStatus): boolean =>
  task.refused && reason === 'REASON_RECONCILIATION' && (meanings[state] === 'GONE' || state === 'TASK_UNKNOWN');

const onSupersededStatus = (context: Context, task: Task, status: TaskStatus): void => {
  switch (meanings[status.state]) {
    case 'ALIVE':
    case 'RUNNING':
      if (task.refused) {
        task.refused = false;
        touch(context, 'task', task.id);
      }
      // It has returned, and its resource is another task's: it stays remembered until it is proven dead.
      context.state.timers.set(`superseded:${task.id}`, after(context, context.state.settings.supersededKeptSecs));
      killTask(context, task);
      return;
    case 'ENDED':
      endTask(context, task, reported(status, true));
      return;
    case 'LOST':
    case 'GONE':
    case 'REFUSED':
      endKill(context, task.id);
      if (isRefusalConfirmed(task, status)) endTask(context, task, neverLaunched(completionOf(status), true));
      return;
  }
};
