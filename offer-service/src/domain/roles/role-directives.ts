import { desiredInForce } from '../allocation-in-force.js';
import type { DriverSettings } from '../driver-settings.js';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import { fullBucket, takeToken, type TokenBucket } from '../limits/token-bucket.js';

/** What the master was last told about each role. Derived from state and compared, so that a lost call is noticed and repeated. */
export interface RoleDirectives {
  /** A role is missing while nobody knows which of the two holds at the master. */
  readonly told: Map<string, 'wanted' | 'suppressed'>;
  /** The revive counter that was honoured last, and whose it was. */
  revived: { term: number; counter: number };
  readonly bucket: TokenBucket;
  notBefore: number;
}

export const nothingTold = ({ reviveBurst, reviveIntervalMs }: DriverSettings): RoleDirectives => ({
  told: new Map(),
  revived: { term: -1, counter: 0 },
  bucket: fullBucket(reviveBurst, reviveIntervalMs),
  notBefore: 0,
});

/** Whether offers of this role have a taker now. */
export const wantsOffers = ({ brokerUp, allocation }: DriverState, role: string): boolean =>
  brokerUp && desiredInForce(allocation)?.roles?.some((each) => each.role === role && each.wanted) === true;

/** What a SUBSCRIBE call that leaves now has to carry: all roles, until somebody says that it wants offers. */
export const suppressedRoles = (state: DriverState): string[] => state.settings.roles.filter((role) => !wantsOffers(state, role));

/** A subscription starts with what its SUBSCRIBE said, and without filters: the master forgets them with the old one. */
export const startRoles = (state: DriverState, suppressed: readonly string[]): void => {
  const { roles, settings } = state;
  roles.notBefore = 0;
  for (const role of settings.roles) roles.told.set(role, suppressed.includes(role) ? 'suppressed' : 'wanted');
  const desired = desiredInForce(state.allocation);
  if (desired !== undefined) roles.revived = { term: desired.allocation_term, counter: desired.revive_counter };
};

const mayDirect = ({ needs, roles, subscription }: DriverState, now: number): boolean =>
  subscription !== undefined && !needs.inFlight && now >= roles.notBefore;

const wantedRoles = (state: DriverState): string[] => state.settings.roles.filter((role) => wantsOffers(state, role));

/** The SUPPRESS that brings the master from what it was told to what is wanted now. */
export const suppressUnwanted = (state: DriverState, now: number): Effect[] => {
  const { roles, settings } = state;
  if (!mayDirect(state, now)) return [];
  const suppress = settings.roles.filter((role) => !wantsOffers(state, role) && roles.told.get(role) !== 'suppressed');
  // never an empty list: to Mesos that means every role
  if (suppress.length === 0) return [];
  for (const role of suppress) roles.told.set(role, 'suppressed');
  return [{ type: 'call-mesos', call: { kind: 'suppress', roles: suppress }, concern: { of: 'roles', roles: suppress } }];
};

/** The REVIVE, likewise; after an UPDATE_FRAMEWORK, so that what it brings fits what is needed. */
export const reviveWanted = (state: DriverState, now: number): Effect[] => {
  const { roles } = state;
  if (!mayDirect(state, now)) return [];
  const wanted = wantedRoles(state);
  const revive = reviveIsAskedFor(state) ? wanted : wanted.filter((role) => roles.told.get(role) !== 'wanted');
  if (revive.length === 0 || !takeToken(roles.bucket, now)) return [];
  for (const role of revive) roles.told.set(role, 'wanted');
  const desired = desiredInForce(state.allocation);
  if (desired !== undefined) roles.revived = { term: desired.allocation_term, counter: desired.revive_counter };
  return [{ type: 'call-mesos', call: { kind: 'revive', roles: revive }, concern: { of: 'roles', roles: revive } }];
};

const reviveIsAskedFor = ({ allocation, roles }: DriverState): boolean => {
  const desired = desiredInForce(allocation);
  if (desired === undefined) return false;
  const honoured = roles.revived.term === desired.allocation_term ? roles.revived.counter : 0;
  return desired.revive_counter > honoured;
};

/** SUPPRESS or REVIVE may not have reached the master: it is told again. */
export const rolesUntold = ({ roles, settings }: DriverState, untold: readonly string[], now: number): void => {
  for (const role of untold) roles.told.delete(role);
  roles.notBefore = now + settings.retryMs;
};
