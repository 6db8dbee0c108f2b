import type { Offer, TaskStatus } from '@streams-on-mesos/mesos';
import { fitOffer, wantedResources } from './execution-plan.js';
import type { Alarm, ExecutionEffect, ExecutionEvent, ExecutionState, ExecutionStep, TaskProgress, TaskRef } from './execution-state.js';
import { failureText, isTerminal } from './happenings.js';
import { resourcesText } from './resources-text.js';

/** Until the first subscription. */
const NO_MASTER_MS = 30_000;
const NO_OFFER_MS = 5_000;
const RECONCILE_MS = 15_000;
const KILL_AGAIN_MS = 5_000;
/** Beyond the grace period; the framework's teardown kills what is left. */
const GIVE_UP_MS = 10_000;
const DEFAULT_GRACE_MS = 3_000;
/** A master that has just taken over does not know all agents yet, so one such answer says little. */
const MOST_UNKNOWN_ANSWERS = 4;

const NEW_TASK: TaskProgress = { state: undefined, uuid: undefined, end: undefined, unknown: 0 };

const same = (state: ExecutionState): ExecutionStep => ({ state, effects: [] });
const alarm = (kind: Exclude<Alarm['kind'], 'kill-after'>, inMs: number): ExecutionEffect => ({ type: 'alarm', alarm: { kind }, inMs });

const openTasks = ({ tasks, agentId }: ExecutionState): TaskRef[] =>
  Object.entries(tasks)
    .filter(([, { end }]) => end === undefined)
    .map(([taskId]) => ({ taskId, agentId }));

const over = (state: ExecutionState, failure: string | undefined, effects: readonly ExecutionEffect[] = []): ExecutionStep => ({
  state: { ...state, phase: 'over' },
  effects: [...effects, { type: 'end', failure }],
});

/** One task, or one group, from the subscription to its end. */
export const stepExecution = (state: ExecutionState, event: ExecutionEvent): ExecutionStep => {
  if (state.phase === 'over') return same(state);
  switch (event.type) {
    case 'started': {
      const { timeoutMs } = state.plan;
      return { state, effects: [alarm('no-master', NO_MASTER_MS), ...(timeoutMs === undefined ? [] : [alarm('timeout', timeoutMs)])] };
    }
    case 'subscribed':
      return subscribed(state, event.frameworkId);
    case 'offers':
      return offers(state, event.offers);
    case 'accepted':
      return event.result.result === 'not-sent' ? waitAgain(state, `the launch was not sent: ${event.result.reason}`) : same(state);
    case 'status':
      return status(state, event.status);
    case 'refused':
      return over(state, event.reason);
    case 'not-subscribed':
      return { state: { ...state, obstacle: event.reason }, effects: [{ type: 'note', text: event.reason }] };
    case 'interrupted':
      return stop(state, 'interrupted');
    case 'alarm':
      return alarmed(state, event.alarm);
  }
};

/** Again after a loss of the connection: what happened meanwhile was not sent, and the suppression is forgotten. */
const subscribed = (state: ExecutionState, frameworkId: string): ExecutionStep => {
  const first = state.frameworkId === undefined;
  const told: ExecutionEffect[] = first ? [{ type: 'tell', happening: { event: 'subscribed', framework_id: frameworkId } }] : [];
  const next = { ...state, frameworkId, obstacle: undefined };
  if (state.phase === 'waiting') return { state: next, effects: [...told, alarm('no-offer', NO_OFFER_MS)] };
  return { state: next, effects: [...told, { type: 'suppress' }, { type: 'reconcile', tasks: openTasks(state) }] };
};

const offers = (state: ExecutionState, offered: readonly Offer[]): ExecutionStep => {
  const declined = (but?: Offer): ExecutionEffect[] => {
    const offerIds = offered.filter((offer) => offer !== but).map(({ id }) => id.value);
    return offerIds.length === 0 ? [] : [{ type: 'decline', offerIds }];
  };
  if (state.phase !== 'waiting') return { state, effects: declined() };
  const fits = offered.map((offer) => ({ offer, fit: fitOffer(state.plan, offer, state.frameworkId ?? '') }));
  for (const { offer, fit } of fits) {
    if ('missing' in fit) continue;
    const agentId = offer.agent_id.value;
    const ids = state.plan.tasks.map(({ task_id }) => task_id.value);
    const tasks = Object.fromEntries(ids.map((id) => [id, NEW_TASK]));
    return {
      state: { ...state, phase: 'launched', agentId, tasks },
      effects: [
        { type: 'accept', offerId: offer.id.value, operation: fit.operation },
        { type: 'tell', happening: { event: 'submitted', task_ids: ids, agent_id: agentId, hostname: offer.hostname } },
        ...declined(offer),
        { type: 'suppress' },
        alarm('reconcile', RECONCILE_MS),
      ],
    };
  }
  const lacks = fits.map(({ offer, fit }) => ({ offer, missing: 'missing' in fit ? fit.missing : [] }));
  const [closest] = lacks.sort((a, b) => a.missing.length - b.missing.length);
  if (closest === undefined) return same(state);
  const wanted = resourcesText(wantedResources(state.plan));
  const obstacle = `no offer fits: ${wanted} wanted, agent ${closest.offer.hostname} is short of ${resourcesText(closest.missing)}`;
  return { state: { ...state, obstacle }, effects: declined() };
};

/** The launch did not come about, and nothing runs. */
const waitAgain = (state: ExecutionState, why: string): ExecutionStep => {
  if (state.stopping !== undefined) return over(state, state.stopping);
  return {
    state: { ...state, phase: 'waiting', agentId: '', tasks: {} },
    effects: [{ type: 'note', text: `${why}; trying the next offer` }, { type: 'revive' }, alarm('no-offer', NO_OFFER_MS)],
  };
};

const status = (state: ExecutionState, update: TaskStatus): ExecutionStep => {
  const id = update.task_id.value;
  const task = state.tasks[id];
  const acknowledged: ExecutionEffect[] = [{ type: 'acknowledge', status: update }];
  if (task === undefined || task.end !== undefined || (update.uuid !== undefined && update.uuid === task.uuid))
    return { state, effects: acknowledged };
  const told: ExecutionEffect[] = [...acknowledged, { type: 'tell', happening: { event: 'status', status: update } }];
  const unlaunched = update.reason === 'REASON_INVALID_OFFERS' && task.state === undefined;
  if (unlaunched) {
    const again = waitAgain(state, `the offer was no longer valid: ${update.message ?? ''}`);
    return { state: again.state, effects: [...told, ...again.effects] };
  }
  const progress: TaskProgress = {
    state: update.state,
    uuid: update.uuid,
    end: isTerminal(update.state) ? update : undefined,
    unknown: update.state === 'TASK_UNKNOWN' ? task.unknown + 1 : 0,
  };
  const next = { ...state, tasks: { ...state.tasks, [id]: progress } };
  if (progress.unknown >= MOST_UNKNOWN_ANSWERS) return over(next, `task '${id}' is known to no agent`, told);
  if (openTasks(next).length === 0) return ended(next, told);
  const { killAfterMs } = state.plan;
  const starts = update.state === 'TASK_RUNNING' && task.state !== 'TASK_RUNNING' && killAfterMs !== undefined;
  return { state: next, effects: [...told, ...(starts ? [killAlarm(id, killAfterMs)] : [])] };
};

const killAlarm = (taskId: string, inMs: number): ExecutionEffect => ({ type: 'alarm', alarm: { kind: 'kill-after', taskId }, inMs });

const ended = (state: ExecutionState, effects: readonly ExecutionEffect[]): ExecutionStep => {
  const failure = failureText(Object.values(state.tasks).flatMap(({ end }) => end ?? []));
  if (failure === '') return over(state, undefined, effects);
  return over(state, state.stopping === undefined ? failure : `${state.stopping}: ${failure}`, effects);
};

const killing = (tasks: readonly TaskRef[]): ExecutionEffect[] =>
  tasks.flatMap((task): ExecutionEffect[] => [
    { type: 'tell', happening: { event: 'kill', task_id: task.taskId } },
    { type: 'kill', task },
  ]);

const graceMs = ({ plan }: ExecutionState): number =>
  Math.max(DEFAULT_GRACE_MS, ...plan.tasks.map(({ kill_policy }) => (kill_policy?.grace_period?.nanoseconds ?? 0) / 1e6));

const stop = (state: ExecutionState, why: string): ExecutionStep => {
  if (state.stopping !== undefined) return same(state);
  if (state.phase === 'waiting') return over(state, state.obstacle === undefined ? why : `${why}: ${state.obstacle}`);
  const effects = [...killing(openTasks(state)), alarm('kill-again', KILL_AGAIN_MS), alarm('give-up', graceMs(state) + GIVE_UP_MS)];
  return { state: { ...state, stopping: why }, effects };
};

const alarmed = (state: ExecutionState, rung: Alarm): ExecutionStep => {
  switch (rung.kind) {
    case 'no-master':
      if (state.frameworkId !== undefined) return same(state);
      return over(state, `no subscription within ${NO_MASTER_MS / 1000} s: ${state.obstacle ?? 'no master is known to lead'}`);
    case 'no-offer': {
      if (state.phase !== 'waiting') return same(state);
      const obstacle = state.obstacle ?? 'no agent offers anything to this role yet';
      return { state: { ...state, obstacle }, effects: [{ type: 'note', text: obstacle }, alarm('no-offer', NO_OFFER_MS)] };
    }
    case 'timeout':
      return stop(state, `not done within ${(state.plan.timeoutMs ?? 0) / 1000} s`);
    case 'give-up':
      return over(
        state,
        `${state.stopping ?? 'stopped'}: no news of ${openTasks(state)
          .map(({ taskId }) => taskId)
          .join(', ')} ending`,
      );
    case 'reconcile': {
      if (state.phase !== 'launched') return same(state);
      const unsure = openTasks(state).filter(({ taskId }) => isUnsure(state.tasks[taskId]));
      const asked: ExecutionEffect[] = unsure.length === 0 ? [] : [{ type: 'reconcile', tasks: unsure }];
      return { state, effects: [...asked, alarm('reconcile', RECONCILE_MS)] };
    }
    case 'kill-again':
      return { state, effects: [...openTasks(state).map((task) => ({ type: 'kill' as const, task })), alarm('kill-again', KILL_AGAIN_MS)] };
    case 'kill-after':
      return killAfter(state, rung.taskId);
  }
};

const isUnsure = (task: TaskProgress | undefined): boolean =>
  task?.state === undefined || task.state === 'TASK_UNKNOWN' || task.state === 'TASK_UNREACHABLE';

/** KILL may get lost, so it is asked for until the task ends. */
const killAfter = (state: ExecutionState, taskId: string): ExecutionStep => {
  const tasks = openTasks(state).filter((task) => task.taskId === taskId);
  if (tasks.length === 0) return same(state);
  return { state, effects: [...killing(tasks), { type: 'alarm', alarm: { kind: 'kill-after', taskId }, inMs: KILL_AGAIN_MS }] };
};
