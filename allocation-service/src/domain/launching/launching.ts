import type { CallAnsweredEvent } from '../events.js';
import type { Context } from '../context.js';
import { after, log, sendCall } from '../context.js';
import type { AgentFacts } from '../agents/agent-facts.js';
import { isEarmarked } from '../earmarks/earmark.js';
import type { Match, OfferUse } from '../matching/matching.js';
import { fieldValuesOf } from '../constraints/placement-rules.js';
import type { Placement, Task } from '../model.js';
import { reconcileTasks } from '../reconciliation/reconciliation.js';
import { removeWaiting, resourceOf } from '../resources.js';
import { doubtSubscription } from '../subscription.js';
import { endTask, neverLaunched } from '../tasks/task-end.js';
import { addTasks, nextTaskId } from '../tasks/tasks.js';
import { sharedOnAgent, taskInfo, workloadOf } from './task-info.js';

/** Uses an offer: the intent becomes part of the state, so that it is durable before the ACCEPT leaves. */
export const acceptOffer = (context: Context, { agent, offerIds, matches }: OfferUse): void => {
  const { state } = context;
  const { settings, leader, timers } = state;
  const shared = sharedOnAgent(agent);
  const tasks = matches.map((match) => launch(context, match, agent));
  addTasks(state, agent.id, tasks);
  leader.launchesDue.add(timers, after(context, settings.launchTimeoutSecs), ...tasks);
  const task_infos = tasks.map((task, index) => taskInfo(settings, shared, task, matches[index] as Match));
  log(context, 'info', 'launching', { tasks: tasks.map(({ id }) => id), agent: agent.id, host: agent.hostname });
  const callId = sendCall(
    context,
    {
      accept: {
        offer_ids: [...offerIds],
        operations: [{ type: 'LAUNCH', launch: { task_infos } }],
        refuse_seconds: isEarmarked(state, agent.id) ? settings.earmarkedDeclineSecs : settings.declineSecs,
      },
    },
    matches[0]?.resource.request.traceId ?? '',
  );
  if (callId === undefined) return;
  leader.unansweredAccepts.set(callId, tasks);
  leader.answersDue.add(timers, after(context, settings.callAnswerSecs), callId);
};

/** The next task of a waiting resource. */
const launch = (context: Context, match: Match, agent: AgentFacts): Task => {
  const { state } = context;
  const { resource, quantities } = match;
  const { request } = resource;
  const { kill_grace_seconds: killGraceSecs, health_check } = workloadOf(match);
  const task: Task = {
    id: nextTaskId(resource),
    resourceId: resource.id,
    agentId: agent.id,
    killGraceSecs,
    hasHealthCheck: health_check !== undefined,
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
    refused: false,
  };
  removeWaiting(state, resource);
  resource.launches += 1;
  resource.state = 'LAUNCHED';
  const fields = fieldValuesOf(request, agent);
  const placement: Placement = { taskId: task.id, agentId: agent.id, host: agent.hostname, quantities };
  resource.placement = fields === undefined ? placement : { ...placement, fields };
  resource.task = task;
  context.launched.push(resource);
  return task;
};

/** Only NOT_SENT proves that the tasks will never run; everything else is told by their statuses. */
export const onCallAnswered = (context: Context, { callId, result, reason }: CallAnsweredEvent): void => {
  const { leader } = context.state;
  if (result !== 'SENT') doubtSubscription(context);
  const tasks = leader.unansweredAccepts.get(callId);
  if (tasks === undefined) return;
  leader.unansweredAccepts.delete(callId);
  if (result === 'SENT') return;
  log(context, 'warn', `launch ${result === 'UNKNOWN' ? 'perhaps ' : ''}not sent`, { tasks: tasks.map((task) => task.id), reason });
  const unheard = tasks.filter((task) => context.state.tasks.get(task.id) === task && task.last === undefined);
  if (result === 'UNKNOWN') reconcileTasks(context, unheard);
  else for (const task of unheard) endTask(context, task, neverLaunched('DROPPED', true));
};

/** Of the ACCEPTs whose answers are due, nobody says what became of those that have none. */
export const onAnswersDue = (context: Context, dueAt: string): void => {
  const { answersDue, unansweredAccepts } = context.state.leader;
  for (const callId of answersDue.take(Number(dueAt))) {
    if (!unansweredAccepts.has(callId)) continue;
    onCallAnswered(context, { type: 'call-answered', callId, result: 'UNKNOWN', reason: 'no answer in time' });
  }
};

/** Nobody has reported these launches for long: Mesos is asked, and its answer decides. */
export const onLaunchesDue = (context: Context, dueAt: string): void => {
  const { state } = context;
  const { launchesDue } = state.leader;
  const overdue = launchesDue.take(Number(dueAt)).filter((task) => task.phase === 'LAUNCHED' && resourceOf(state, task) !== undefined);
  for (const task of overdue) {
    log(context, 'warn', 'no status of a launched task for long, asking for it', { task: task.id, agent: task.agentId });
    launchesDue.add(state.timers, after(context, state.settings.launchTimeoutSecs), task);
  }
  reconcileTasks(context, overdue);
};
