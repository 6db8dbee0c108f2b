// What a framework tells of itself with SUBSCRIBE and UPDATE_FRAMEWORK: its info, suppressed roles and offer constraints
// (master.cpp: validateFramework, createAllocatorFrameworkOptions, updateFramework; hierarchical.cpp, updateFramework).
import type { Call, FrameworkInfo, OfferConstraints } from '../../generated/protocol.js';
import { rescindOffer } from './allocator/offers.js';
import { updateStanding } from './allocator/shares.js';
import { reviveRoles } from './allocator/suppression.js';
import type { FrameworkRecord, MasterState } from './master-state.js';
import { sendToAgent, type Turn } from './turn.js';
import { formatSet, frameworkInfoError, frameworkOptionsError, frameworkUpdateError, rolesOf } from './validation/framework-info.js';

export interface FrameworkOptions {
  readonly info: FrameworkInfo;
  readonly suppressedRoles: readonly string[];
  readonly constraints: OfferConstraints | undefined;
}

export const optionsOf = (call: Call.Subscribe | Call.UpdateFramework): FrameworkOptions => ({
  info: call.framework_info,
  suppressedRoles: call.suppressed_roles ?? [],
  constraints: call.offer_constraints,
});

const settingsError = ({ settings: { roleWhitelist, rootSubmissions } }: MasterState, info: FrameworkInfo): string | undefined => {
  const strange = roleWhitelist === undefined ? [] : rolesOf(info).filter((role) => !roleWhitelist.includes(role));
  if (strange.length > 0) return `Roles ${formatSet(strange)} are not present in the master's --roles`;
  return info.user === 'root' && !rootSubmissions
    ? `User 'root' is not allowed to run frameworks without --root_submissions set`
    : undefined;
};

/** Why this master takes no framework of this info. */
export const infoError = (master: MasterState, info: FrameworkInfo): string | undefined =>
  frameworkInfoError(info) ??
  settingsError(master, info) ??
  (master.completedFrameworks.has(info.id?.value ?? '') ? 'Framework has been removed' : undefined);

/** Nothing is offered on account of it until the next cycle, and what is offered stays, but for roles that it no longer has. */
export function applyOptions(master: MasterState, framework: FrameworkRecord, options: FrameworkOptions, turn: Turn): void {
  const { info, suppressedRoles, constraints } = options;
  const before = framework.roles;
  const revived = [...framework.suppressedRoles].filter((role) => !suppressedRoles.includes(role));
  framework.info = { ...info, id: { value: framework.id } };
  framework.roles = rolesOf(info);
  framework.constraints = constraints;
  for (const role of before) if (!framework.roles.includes(role)) framework.filters.delete(role);
  reviveRoles(
    master,
    framework,
    revived.filter((role) => framework.roles.includes(role)),
  );
  framework.suppressedRoles = new Set(suppressedRoles);
  updateStanding(master, framework, before);
  for (const offer of [...framework.offers.values()]) if (!framework.roles.includes(offer.role)) rescindOffer(master, offer, turn);
}

/** Agents resend what they have pending for the framework as soon as they hear of it. */
export const tellAgents = (master: MasterState, framework: FrameworkRecord, turn: Turn): void => {
  for (const agentId of master.agents.keys()) sendToAgent(agentId, { type: 'update-framework', framework: framework.info }, turn);
};

const inAnyOrder = (list: readonly unknown[] | undefined): string[] => (list ?? []).map((one) => JSON.stringify(one)).sort();

/** Mesos compares roles and capabilities as sets, and what is absent as its default (type_utils.cpp, equivalent). */
const canonical = ({ roles, capabilities, ...rest }: FrameworkInfo): string => {
  const plain = { checkpoint: false, failover_timeout: 0, ...rest };
  return JSON.stringify([inAnyOrder(roles), inAnyOrder(capabilities), inAnyOrder(Object.entries(plain))]);
};

/** UPDATE_FRAMEWORK. @returns why it is refused (HTTP 400); undefined when it is done */
export function updateFramework(
  framework: FrameworkRecord,
  call: Call.UpdateFramework,
  master: MasterState,
  turn: Turn,
): string | undefined {
  const options = optionsOf(call);
  const invalid = infoError(master, options.info);
  if (invalid !== undefined) return `Supplied FrameworkInfo is not valid: ${invalid}`;
  const unsupported = frameworkUpdateError(framework.info, options.info);
  if (unsupported !== undefined) return `FrameworkInfo update is not valid: ${unsupported}`;
  const error = frameworkOptionsError(rolesOf(options.info), options.suppressedRoles, options.constraints);
  if (error !== undefined) return `'UpdateFramework' call is not valid: ${error}`;
  const told = canonical(framework.info);
  applyOptions(master, framework, options, turn);
  if (canonical(framework.info) !== told) tellAgents(master, framework, turn);
  return undefined;
}
