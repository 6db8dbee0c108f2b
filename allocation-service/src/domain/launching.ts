import type { TaskInfo } from '@streams-on-mesos/mesos';
import type { CallAnsweredEvent } from './events.js';
import type { Context } from './context.js';
import { after, log, sendCall, touch } from './context.js';
import type { Match, OfferUse } from './matching.js';
import type { Task } from './model.js';
import { reconcileTasks } from './reconciliation/reconciliation.js';
import { removeWaiting, resourceOf } from './resources.js';
import { doubtSubscription } from './subscription.js';
import { endTask, neverLaunched } from './tasks/task-end.js';
import { taskInfo } from './task-info.js';
import { addTask } from './tasks/tasks.js';

/** Uses an offer: the intent becomes part of the state, so that it is durable before the ACCEPT leaves. */
export const acceptOffer = (context: Context, { offer, matches }: OfferUse): void => {
  const { state } = context;
  const tasks: Task[] = [];
  const infos: TaskInfo[] = [];
  for (const match of matches) {
    const task = launch(context, match, offer.agent_id.value, offer.hostname);
    tasks.push(task);
    infos.push(taskInfo(state.settings, match.resource, task, match.entries));
  }
  const callId = sendCall(
    context,
    {
      accept: {
        offer_ids: [offer.id.value],
        operations: [{ type: 'LAUNCH', launch: { task_infos: infos } }],
        refuse_seconds: state.settings.declineSecs,
      },
    },
    matches[0]?.resource.request.traceId ?? '',
  );
  if (callId === undefined) return;
  state.leader.unansweredAccepts.set(callId, tasks);
  state.timers.set(`answer:${callId}`, after(context, state.settings.callAnswerSecs));
};

/** The next task of a waiting resource; its id is used once, whatever becomes of it. */
const launch = (context: Context, { resource, quantities }: Match, agentId: string, host: string): Task => {
  const { state } = context;
  const { request } = resource;
  const task: Task = {
    id: `${request.taskPrefix}_${resource.id}_${resource.launches}`,
    resourceId: resource.id,
    agentId,
    killGraceSecs: request.workload.kill_grace_seconds,
    licences: request.requirements.licences,
    traceId: request.traceId,
    phase: 'LAUNCHED',
    seen: false,
    lostSince: undefined,
    supersededAt: undefined,
    last: undefined,
    heardIn: undefined,
    runningSince: undefined,
    unknownAnswers: 0,
  };
  removeWaiting(state, resource);
  resource.launches += 1;
  resource.state = 'LAUNCHED';
  resource.placement = { taskId: task.id, agentId, host, quantities };
  resource.task = task;
  addTask(state, task);
  touch(context, 'resource', resource.id);
  touch(context, 'task', task.id);
  state.timers.set(`launch:${task.id}`, after(context, state.settings.launchTimeoutSecs));
  log(context, 'info', 'launching', { task: task.id, resource: resource.id, agent: agentId, host });
  return task;
};

/** Only NOT_SENT proves that the tasks will never run; everything else is told by their statuses. */
export const onCallAnswered = (context: Context, { callId, result, reason }: CallAnsweredEvent): void => {
  const { leader, timers } = context.state;
  if (result !== 'SENT') doubtSubscription(context);
  const tasks = leader.unansweredAccepts.get(callId);
  if (tasks === undefined) return;
  leader.unansweredAccepts.delete(callId);
  timers.cancel(`answer:${callId}`);
  if (result === 'SENT') return;
  log(context, 'warn', `launch ${result === 'UNKNOWN' ? 'perhaps ' : ''}not sent`, { tasks: tasks.map((task) => task.id), reason });
  const unheard = tasks.filter((task) => context.state.tasks.get(task.id) === task && task.last === undefined);
  if (result === 'UNKNOWN') reconcileTasks(context, unheard);
  else for (const task of unheard) endTask(context, task, neverLaunched('DROPPED', true));
};

/** Nobody says what became of an ACCEPT. */
export const onAnswerMissing = (context: Context, callId: string): void =>
  onCallAnswered(context, { type: 'call-answered', callId, result: 'UNKNOWN', reason: 'no answer in time' });

/** Nobody has reported a launch for long: Mesos is asked, and its answer decides. */
export const onLaunchOverdue = (context: Context, task: Task): void => {
  if (task.phase !== 'LAUNCHED' || resourceOf(context.state, task) === undefined) return;
  log(context, 'warn', 'no status of a launched task for long, asking for it', { task: task.id, agent: task.agentId });
  reconcileTasks(context, [task]);
  context.state.timers.set(`launch:${task.id}`, after(context, context.state.settings.launchTimeoutSecs));
};
