// SUBSCRIBE, the loss of a subscription, and UPDATE_FRAMEWORK (master.cpp: subscribe, failoverFramework, disconnect, updateFramework).
import type { Call, FrameworkInfo, OfferConstraints } from '../../generated/protocol.js';
import { allocate } from './allocator/allocator.js';
import { frameworkInfoError, frameworkOptionsError, frameworkUpdateError, rolesOf } from './validation/framework-info.js';
import { logLine, sendEvent, sendToAgent, type FrameworkRecord, type MasterState, type Turn } from './master-state.js';
import { discardOffer, rescindOffer } from './allocator/offers.js';

interface Options {
  readonly info: FrameworkInfo;
  readonly suppressedRoles: readonly string[];
  readonly constraints: OfferConstraints | undefined;
}

const infoError = (master: MasterState, info: FrameworkInfo): string | undefined =>
  frameworkInfoError(info) ?? (master.completedFrameworks.has(info.id?.value ?? '') ? 'Framework has been removed' : undefined);

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
    shares: new Map(),
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

const applyOptions = (framework: FrameworkRecord, { info, suppressedRoles, constraints }: Options): void => {
  const roles = rolesOf(info);
  const revived = [...framework.suppressedRoles].filter((role) => !suppressedRoles.includes(role));
  const dropped = framework.roles.filter((role) => !roles.includes(role));
  for (const role of [...revived, ...dropped]) framework.filters.delete(role);
  framework.info = { ...info, id: { value: framework.id } };
  framework.roles = roles;
  framework.suppressedRoles = new Set(suppressedRoles);
  framework.constraints = constraints;
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

const takeOver = (framework: FrameworkRecord, stream: string, turn: Turn): void => {
  if (framework.stream !== undefined) {
    sendEvent(framework, { type: 'ERROR', error: { message: 'Framework failed over' } }, turn);
    turn.effects.push({ type: 'close-stream', stream: framework.stream });
  }
  framework.stream = stream;
  framework.failoverDeadline = undefined;
};

const subscribeAgain = (master: MasterState, framework: FrameworkRecord, options: Options, stream: string, turn: Turn): void => {
  const { user, checkpoint } = framework.info;
  const info: FrameworkInfo = { ...options.info, user, checkpoint };
  const error = frameworkUpdateError(framework.info, info);
  if (error !== undefined) return refuse(stream, error, turn);
  applyOptions(framework, { ...options, info });
  framework.reregisteredAt = turn.now;
  takeOver(framework, stream, turn);
  for (const offer of [...framework.offers.values()]) discardOffer(master, offer, undefined, turn.now);
  const wasActive = framework.state === 'active';
  framework.state = 'active';
  sendSubscribed(master, framework, turn);
  // Agents resend what they have pending for the framework as soon as they hear of it.
  for (const agentId of master.agents.keys()) sendToAgent(agentId, { type: 'update-framework', framework: framework.info }, turn);
  if (!wasActive) allocate(master, master.agents.values(), turn);
};

/** Answers on `stream`: SUBSCRIBED, or ERROR and the end of the stream. */
export function subscribe(master: MasterState, stream: string, call: Call.Subscribe, turn: Turn): void {
  const info = call.framework_info;
  const options: Options = { info, suppressedRoles: call.suppressed_roles ?? [], constraints: call.offer_constraints };
  const error = infoError(master, info) ?? frameworkOptionsError(rolesOf(info), options.suppressedRoles, options.constraints);
  if (error !== undefined) return refuse(stream, error, turn);
  const givenId = info.id?.value ?? '';
  const known = master.frameworks.get(givenId);
  if (known !== undefined) return subscribeAgain(master, known, options, stream, turn);
  // An id that this master never gave is of an earlier master's time: taken over as it is.
  const id = givenId === '' ? `${master.info.id}-${String(master.next.framework).padStart(4, '0')}` : givenId;
  if (givenId === '') master.next.framework += 1;
  const framework = newFramework(info, id, 'active', turn.now);
  applyOptions(framework, options);
  framework.stream = stream;
  master.frameworks.set(id, framework);
  logLine('framework subscribed', { framework: id, name: info.name }, turn);
  sendSubscribed(master, framework, turn);
  allocate(master, master.agents.values(), turn);
}

/** Why the update is refused; undefined when it is done. */
export function updateFramework(
  framework: FrameworkRecord,
  call: Call.UpdateFramework,
  master: MasterState,
  turn: Turn,
): string | undefined {
  const info = call.framework_info;
  const invalid = infoError(master, info);
  if (invalid !== undefined) return `Supplied FrameworkInfo is not valid: ${invalid}`;
  const unsupported = frameworkUpdateError(framework.info, info);
  if (unsupported !== undefined) return `FrameworkInfo update is not valid: ${unsupported}`;
  const options: Options = { info, suppressedRoles: call.suppressed_roles ?? [], constraints: call.offer_constraints };
  const error = frameworkOptionsError(rolesOf(info), options.suppressedRoles, options.constraints);
  if (error !== undefined) return `'UpdateFramework' call is not valid: ${error}`;
  applyOptions(framework, options);
  for (const agentId of master.agents.keys()) sendToAgent(agentId, { type: 'update-framework', framework: framework.info }, turn);
  return undefined;
}

/** The stream broke: the framework has `failover_timeout` to subscribe again. */
export function streamClosed(master: MasterState, stream: string, turn: Turn): void {
  const framework = [...master.frameworks.values()].find((candidate) => candidate.stream === stream);
  if (framework === undefined) return;
  for (const offer of [...framework.offers.values()]) rescindOffer(master, offer, turn);
  framework.stream = undefined;
  framework.state = 'disconnected';
  framework.filters.clear();
  framework.failoverDeadline = turn.now + (framework.info.failover_timeout ?? 0) * 1000;
  logLine('framework disconnected', { framework: framework.id, failoverTimeoutSeconds: framework.info.failover_timeout ?? 0 }, turn);
}
