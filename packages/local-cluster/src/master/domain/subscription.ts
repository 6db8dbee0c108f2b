// SUBSCRIBE and the loss of a subscription (master.cpp: subscribe, failoverFramework, connectAndActivateRecoveredFramework, _exited).
import type { Call, FrameworkInfo } from '../../generated/protocol.js';
import { requestAllocation } from './allocator/allocator.js';
import { discardOffer, rescindOffer } from './allocator/offers.js';
import { updateStanding } from './allocator/shares.js';
import { applyOptions, infoError, optionsOf, tellAgents, type FrameworkOptions } from './framework-options.js';
import { discardInverseOffers, rescindInverseOffers } from './maintenance/inverse-offers.js';
import type { FrameworkRecord, MasterState } from './master-state.js';
import { logLine, sendEvent, type Turn } from './turn.js';
import { frameworkOptionsError, frameworkUpdateError, rolesOf } from './validation/framework-info.js';

export function newFramework(info: FrameworkInfo, id: string, state: FrameworkRecord['state'], now: number): FrameworkRecord {
  return {
    id,
    info: { ...info, id: { value: id } },
    roles: rolesOf(info),
    state,
    stream: undefined,
    suppressedRoles: new Set(),
    constraints: undefined,
    filters: new Map(),
    inverseOfferFilters: new Map(),
    tasks: new Map(),
    unreachableTasks: new Map(),
    completedTasks: [],
    offers: new Map(),
    inverseOffers: new Map(),
    executors: new Map(),
    registeredAt: now,
    reregisteredAt: undefined,
    unregisteredAt: undefined,
    failoverDeadline: undefined,
  };
}

const refuse = (stream: string, message: string, turn: Turn): void => {
  logLine('refused a subscription', { reason: message }, turn);
  turn.effects.push({ type: 'event', stream, event: { type: 'ERROR', error: { message } } }, { type: 'close-stream', stream });
};

const sendSubscribed = (master: MasterState, framework: FrameworkRecord, turn: Turn): void =>
  sendEvent(
    framework,
    {
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: framework.id },
        heartbeat_interval_seconds: master.settings.heartbeatIntervalSeconds,
        master_info: master.info,
      },
    },
    turn,
  );

const activate = (master: MasterState, framework: FrameworkRecord): void => {
  if (framework.state === 'active') return;
  framework.state = 'active';
  updateStanding(master, framework);
  requestAllocation(master, 'all');
};

const takeOver = (framework: FrameworkRecord, stream: string, turn: Turn): void => {
  if (framework.stream !== undefined) {
    sendEvent(framework, { type: 'ERROR', error: { message: 'Framework failed over' } }, turn);
    turn.effects.push({ type: 'close-stream', stream: framework.stream });
  }
  framework.stream = stream;
  framework.failoverDeadline = undefined;
};

/** What the framework may not change stays as it was, without a word (validation.cpp, preserveImmutableFields). */
const withImmutableFields = ({ user, checkpoint = false }: FrameworkInfo, updated: FrameworkInfo): FrameworkInfo => ({
  ...updated,
  user,
  ...((updated.checkpoint ?? false) === checkpoint ? {} : { checkpoint }),
});

const subscribeAgain = (master: MasterState, framework: FrameworkRecord, given: FrameworkOptions, stream: string, turn: Turn): void => {
  const options = { ...given, info: withImmutableFields(framework.info, given.info) };
  const error = frameworkUpdateError(framework.info, options.info);
  if (error !== undefined) return refuse(stream, error, turn);
  applyOptions(master, framework, options, turn);
  if (framework.state === 'recovered') framework.registeredAt = turn.now;
  framework.reregisteredAt = turn.now;
  takeOver(framework, stream, turn);
  for (const offer of [...framework.offers.values()]) discardOffer(master, offer, undefined, turn.now);
  discardInverseOffers(master, framework);
  activate(master, framework);
  sendSubscribed(master, framework, turn);
  tellAgents(master, framework, turn);
};

const enter = (master: MasterState, info: FrameworkInfo, id: string, state: 'active' | 'recovered', now: number): FrameworkRecord => {
  const framework = newFramework(info, id, state, now);
  master.frameworks.set(id, framework);
  updateStanding(master, framework);
  return framework;
};

/** Answers on `stream`: SUBSCRIBED, or ERROR and the end of the stream. */
export function subscribe(master: MasterState, stream: string, call: Call.Subscribe, turn: Turn): void {
  const info = call.framework_info;
  const options = optionsOf(call);
  const error = infoError(master, info) ?? frameworkOptionsError(rolesOf(info), options.suppressedRoles, options.constraints);
  if (error !== undefined) return refuse(stream, error, turn);
  logLine('framework subscribes', { framework: info.id?.value, name: info.name }, turn);
  const givenId = info.id?.value ?? '';
  if (givenId !== '') {
    // An id that this master doesn't know is of an earlier master's time: taken over as it is.
    const framework = master.frameworks.get(givenId) ?? enter(master, info, givenId, 'recovered', turn.now);
    return subscribeAgain(master, framework, options, stream, turn);
  }
  const id = `${master.info.id}-${String(master.next.framework).padStart(4, '0')}`;
  master.next.framework += 1;
  const framework = enter(master, info, id, 'active', turn.now);
  applyOptions(master, framework, options, turn);
  framework.stream = stream;
  sendSubscribed(master, framework, turn);
  requestAllocation(master, 'all');
}

/** Nothing is offered to it any more, and what was is taken back (Master::deactivate). */
const deactivate = (master: MasterState, framework: FrameworkRecord, turn: Turn): void => {
  framework.state = 'disconnected';
  framework.filters.clear();
  framework.inverseOfferFilters.clear();
  updateStanding(master, framework);
  for (const offer of [...framework.offers.values()]) rescindOffer(master, offer, turn);
  rescindInverseOffers(master, framework, turn);
};

/** The stream broke: the framework has `failover_timeout` to subscribe again. */
export function streamClosed(master: MasterState, stream: string, turn: Turn): void {
  const framework = [...master.frameworks.values()].find((candidate) => candidate.stream === stream);
  if (framework === undefined) return;
  deactivate(master, framework, turn);
  framework.stream = undefined;
  framework.failoverDeadline = turn.now + (framework.info.failover_timeout ?? 0) * 1000;
  logLine('framework disconnected', { framework: framework.id, failoverTimeoutSeconds: framework.info.failover_timeout ?? 0 }, turn);
}
