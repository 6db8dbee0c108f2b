import type { TaskInfo } from '@streams-on-mesos/mesos';
import type { Workload } from '@streams-on-mesos/messages';
import type { CallAnsweredEvent } from '../events.js';
import type { Context } from '../context.js';
import { after, log, sendCall, touch } from '../context.js';
import type { AgentFacts } from '../matching/agent-facts.js';
import { isHeld } from '../matching/holding.js';
import type { Match, OfferUse } from '../matching/matching.js';
import { fieldValuesOf } from '../matching/placement-rules.js';
import type { Task } from '../model.js';
import { reconcileTasks } from '../reconciliation/reconciliation.js';
import { removeWaiting, resourceOf } from '../resources.js';
import { doubtSubscription } from '../subscription.js';
import { endTask, neverLaunched } from '../tasks/task-end.js';
import { addTask, nextTaskId } from '../tasks/tasks.js';
import { taskInfo } from './task-info.js';

/** Uses an offer: the intent becomes part of the state, so that it is durable before the ACCEPT leaves. */
export const acceptOffer = (context: Context, { agent, offerIds, matches }: OfferUse): void => {
  const { state } = context;
  const tasks: Task[] = [];
  const infos: TaskInfo[] = [];
  for (const match of matches) {
    const task = launch(context, match, agent);
    tasks.push(task);
    infos.push(taskInfo(state.settings, match.resource, workloadOf(match), task, match.entries));
  }
  log(context, 'info', 'launching', { tasks: tasks.map(({ id }) => id), agent: agent.id, host: agent.hostname });
  const callId = sendCall(
    context,
    {
      accept: {
        offer_ids: [...offerIds],
        operations: [{ type: 'LAUNCH', launch: { task_infos: infos } }],
        refuse_seconds: isHeld(state, agent.id) ? state.settings.heldDeclineSecs : state.settings.declineSecs,
      },
    },
    matches[0]?.resource.request.traceId ?? '',
  );
  if (callId === undefined) return;
  state.leader.unansweredAccepts.set(callId, tasks);
  state.timers.set(`answer:${callId}`, after(context, state.settings.callAnswerSecs));
};

/** As it was requested, or as a streams-bridge made it for this very host. */
const workloadOf = ({ resource, workload }: Match): Workload => workload ?? resource.request.workload;

/** The next task of a waiting resource. */
const launch = (context: Context, match: Match, agent: AgentFacts): Task => {
  const { state } = context;
  const { resource, quantities } = match;
  const { request } = resource;
  const task: Task = {
    id: nextTaskId(resource),
    resourceId: resource.id,
    agentId: agent.id,
    killGraceSecs: workloadOf(match).kill_grace_seconds,
    hasHealthCheck: workloadOf(match).health_check !== undefined,
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
  const fields = fieldValuesOf(request, agent);
  resource.placement = {
    taskId: task.id,
    agentId: agent.id,
    host: agent.hostname,
    quantities,
    ...(fields === undefined ? {} : { fields }),
  };
  resource.task = task;
  addTask(state, task);
  touch(context, 'resource', resource.id);
  touch(context, 'task', task.id);
  state.timers.set(`launch:${task.id}`, after(context, state.settings.launchTimeoutSecs));
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
