// What the master checks of a FrameworkInfo (src/master/validation.cpp, namespace framework).
import type { FrameworkInfo, OfferConstraints } from '../../../generated/protocol.js';
import { idError } from './identifiers.js';
import { offerConstraintsError } from '../allocator/offer-constraints.js';
import { formatDouble } from '../../../resources/format.js';
import { roleError } from '../../../resources/roles.js';

export const hasCapability = (info: FrameworkInfo, type: FrameworkInfo.Capability.Type): boolean =>
  (info.capabilities ?? []).some((capability) => capability.type === type);

/** The roles that a framework subscribes with, old style or new. */
export const rolesOf = (info: FrameworkInfo): string[] =>
  hasCapability(info, 'MULTI_ROLE') ? [...(info.roles ?? [])] : [info.role ?? '*'];

/** `{ a, b }`, as stout prints sets. */
export const formatSet = (items: readonly string[]): string => `{ ${[...items].sort().join(', ')} }`;

const MAX_DURATION_SECONDS = 9223372036.854775;

function rolesError(info: FrameworkInfo): string | undefined {
  const multiRole = hasCapability(info, 'MULTI_ROLE');
  if (!multiRole) {
    if ((info.roles ?? []).length > 0) return `'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable`;
    const error = roleError(info.role ?? '*');
    return error === undefined ? undefined : `'FrameworkInfo.role' is not a valid role: ${error}`;
  }
  if (info.role !== undefined) return `'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable`;
  const roles = info.roles ?? [];
  const duplicates = [...new Set(roles.filter((role, index) => roles.indexOf(role) !== index))];
  if (duplicates.length > 0) return `'FrameworkInfo.roles' contains duplicate items: ${formatSet(duplicates)}`;
  const error = roles.map(roleError).find((message) => message !== undefined);
  return error === undefined ? undefined : `'FrameworkInfo.roles' contains invalid role: ${error}`;
}

/** The least that is no subnormal number. */
const LEAST = 2 ** -1022;

/** common/validation.cpp, validateInputScalarValue */
function scalarError(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN not supported';
  if (!Number.isFinite(value)) return 'Infinite values not supported';
  if (value !== 0 && Math.abs(value) < LEAST) return 'Subnormal values not supported';
  return value < 0 ? 'Negative values not supported' : undefined;
}

/** common/validation.cpp, validateOfferFilters */
function offerFiltersError(info: FrameworkInfo): string | undefined {
  for (const { min_allocatable_resources: minimum } of Object.values(info.offer_filters ?? {}))
    for (const { quantities = {} } of minimum?.quantities ?? []) {
      if (Object.keys(quantities).length === 0) return 'Resource quantities must contain at least one quantity';
      for (const [name, { value }] of Object.entries(quantities)) {
        const error = scalarError(value);
        if (error !== undefined) return `Invalid resource quantity for '${name}': ${error}`;
      }
    }
  return undefined;
}

export function frameworkInfoError(info: FrameworkInfo): string | undefined {
  const roles = rolesError(info);
  if (roles !== undefined) return roles;
  const id = info.id?.value;
  if (id !== undefined && id !== '') {
    const error = idError(id);
    if (error !== undefined) return error;
  }
  const filters = offerFiltersError(info);
  if (filters !== undefined) return filters;
  const timeout = info.failover_timeout ?? 0;
  if (Math.abs(timeout) > MAX_DURATION_SECONDS) return `The framework failover_timeout (${formatDouble(timeout, 6)}) is invalid`;
  return undefined;
}

/** What UPDATE_FRAMEWORK may not change. */
export function frameworkUpdateError(old: FrameworkInfo, updated: FrameworkInfo): string | undefined {
  if (old.principal !== updated.principal) return `Changing framework's principal is not allowed.`;
  if (old.user !== updated.user)
    return `Updating 'FrameworkInfo.user' is unsupported; attempted to update from '${old.user}' to '${updated.user}'`;
  const [from, to] = [old.checkpoint ?? false, updated.checkpoint ?? false];
  if (from !== to) return `Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from '${from}' to '${to}'`;
  return undefined;
}

/** What comes beside the FrameworkInfo in SUBSCRIBE and UPDATE_FRAMEWORK. */
export function frameworkOptionsError(
  roles: readonly string[],
  suppressedRoles: readonly string[],
  constraints: OfferConstraints | undefined,
): string | undefined {
  const foreign = suppressedRoles.filter((role) => !roles.includes(role));
  if (foreign.length > 0) return `Suppressed roles ${formatSet(foreign)} are not contained in the set of roles`;
  const stray = Object.keys(constraints?.role_constraints ?? {}).find((role) => !roles.includes(role));
  // The missing blank is Mesos's.
  if (stray !== undefined) return `Offer constraints specify \`role_constraints\` for a role '${stray}'not contained in the set of roles`;
  const error = offerConstraintsError(constraints);
  return error === undefined ? undefined : `Offer constraints are not valid: ${error}`;
}
