// SUPPRESS and REVIVE (master.cpp: suppress, revive; hierarchical.cpp: suppressOffers, reviveOffers).
import type { FrameworkRecord, MasterState } from '../master-state.js';
import { requestAllocation } from './allocator.js';
import { updateStanding } from './shares.js';

/** Mesos drops a call that names a role that the framework doesn't have. */
const rolesAreKnown = (framework: FrameworkRecord, roles: readonly string[]): boolean =>
  roles.every((role) => framework.roles.includes(role));

/** No roles: all. */
export function suppress(master: MasterState, framework: FrameworkRecord, roles: readonly string[]): void {
  if (!rolesAreKnown(framework, roles)) return;
  for (const role of roles.length === 0 ? framework.roles : roles) framework.suppressedRoles.add(role);
  updateStanding(master, framework);
}

/** Forgets what it refused for these roles, and everything that it said about leaving agents. */
export function reviveRoles(master: MasterState, framework: FrameworkRecord, roles: readonly string[]): void {
  framework.inverseOfferFilters.clear();
  for (const role of roles) {
    framework.filters.delete(role);
    framework.suppressedRoles.delete(role);
  }
  updateStanding(master, framework);
}

/** No roles: all. Everything that is free is offered at once. */
export function revive(master: MasterState, framework: FrameworkRecord, roles: readonly string[]): void {
  if (!rolesAreKnown(framework, roles)) return;
  reviveRoles(master, framework, roles.length === 0 ? framework.roles : roles);
  requestAllocation(master, 'all');
}
