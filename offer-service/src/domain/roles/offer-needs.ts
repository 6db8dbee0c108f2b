import type { OfferConstraints, OfferFilters } from '@streams-on-mesos/mesos';
import { desiredInForce } from '../allocation-in-force.js';
import type { DriverState } from '../driver-state.js';

/**
 * What an agent must have to be offered at all, by role: the less Mesos offers in vain, the sooner others get it
 * (docs/app-framework-development-guide.md, multi-scheduler scalability). A role that is in neither takes what comes.
 */
export interface OfferNeeds {
  /** FrameworkInfo.offer_filters */
  readonly filters: Readonly<Record<string, OfferFilters>>;
  readonly constraints: Readonly<Record<string, OfferConstraints.RoleConstraints>>;
}

export const noNeeds: OfferNeeds = { filters: {}, constraints: {} };

/** What the leading master is too old for. */
export interface MasterLimits {
  readonly takesUpdates: boolean;
  readonly takesConstraints: boolean;
}

/** What is asked for now, as far as the master can be told. Undefined while nobody says what it wants. */
export const neededNow = ({ allocation, needs, settings }: DriverState): OfferNeeds | undefined => {
  const desired = desiredInForce(allocation);
  if (desired === undefined) return undefined;
  // What a master cannot be told to drop again is not asked for: its agents would never be offered any more.
  if (!needs.master.takesUpdates) return noNeeds;
  const filters: Record<string, OfferFilters> = {};
  const constraints: Record<string, OfferConstraints.RoleConstraints> = {};
  for (const role of settings.roles) {
    const wish = desired.roles?.find((each) => each.role === role);
    if ((wish?.min_allocatable?.quantities ?? []).length > 0) filters[role] = { min_allocatable_resources: wish?.min_allocatable };
    // Mesos refuses constraints without a group
    if (needs.master.takesConstraints && (wish?.constraints?.groups ?? []).length > 0 && wish?.constraints)
      constraints[role] = wish.constraints;
  }
  return { filters, constraints };
};

export const sameNeeds = (a: OfferNeeds, b: OfferNeeds): boolean => a === b || canonical(a) === canonical(b);

/** Text in which the order of fields does not count, for that of a map's entries says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
