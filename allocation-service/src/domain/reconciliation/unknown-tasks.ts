import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import { endKill, killUnknownTask } from '../stopping/kill.js';
import type { StatusPosition } from '../model.js';
import { comparePositions } from '../positions.js';
import { reconcileImplicitly } from './reconciliation.js';

const ALIVE: ReadonlySet<TaskStatus['state']> = new Set(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING']);

/**
 * A task of this framework that no record knows. It is killed when two implicit reconciliations named it; by then this
 * term's first entry was written, so no other leader can have just launched it. If the state began empty it may be all
 * that is left of a state that was lost, so nothing is killed.
 */
export const noteUnknownTask = (context: Context, status: TaskStatus, position: StatusPosition): void => {
  const { leader, durable, settings } = context.state;
  const id = status.task_id.value;
  const known = leader.unknownTasks.get(id);
  if (known !== undefined && comparePositions(position, known.last) <= 0) return;
  if (!ALIVE.has(status.state)) {
    leader.unknownTasks.delete(id);
    endKill(context, id);
    return;
  }
  const unknown = known ?? { agentId: status.agent_id?.value, last: position, rounds: new Set<number>() };
  unknown.last = position;
  if (known === undefined) {
    log(context, 'warn', 'a task that this state does not know', { task: id, agent: unknown.agentId, state: status.state });
    if (leader.unknownTasks.size === 0) context.state.timers.set('implicit', after(context, settings.implicitRetrySecs));
    leader.unknownTasks.set(id, unknown);
    avoidItsNumber(context, id);
  }
  if (status.reason === 'REASON_RECONCILIATION' && leader.implicitRound > 0) unknown.rounds.add(leader.implicitRound);
  if (durable.beganEmpty) context.state.timers.set('began-empty', after(context, settings.emptyStateSecs));
  else if (unknown.rounds.size >= 2) killUnknownTask(context, id, unknown.agentId);
};

/** Ids of resources are counted; a task from a lost state must not meet one of the same name. */
const avoidItsNumber = (context: Context, taskId: string): void => {
  const { durable } = context.state;
  const number = Number(/resource_(\d{1,15})_\d+$/.exec(taskId)?.[1] ?? -1);
  if (number < durable.nextResource) return;
  durable.nextResource = number + 1;
  touch(context, 'meta', 'state');
};

/** Mesos has long named no unknown task: the state began empty because there was nothing. */
export const onEmptyStateBelieved = (context: Context): void => {
  const { leader, durable, settings, timers } = context.state;
  if (!leader.connected || leader.unknownTasks.size > 0 || leader.implicitRound < 2) {
    timers.set('began-empty', after(context, settings.emptyStateSecs));
    return;
  }
  durable.beganEmpty = false;
  touch(context, 'meta', 'state');
};

/** The state is to be believed although it began empty: what Mesos names twice and no record knows is killed from now on. */
export const disownUnknownTasks = (context: Context): void => {
  const { durable, timers } = context.state;
  durable.beganEmpty = false;
  touch(context, 'meta', 'state');
  timers.cancel('began-empty');
  reconcileImplicitly(context);
};
