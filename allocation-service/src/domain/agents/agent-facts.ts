import type { Attribute, DomainInfo, Offer, Unavailability } from '@streams-on-mesos/mesos';
import { isNear, windowOf } from '../maintenance/window.js';

/** What is said of an agent in each of its offers. */
export interface AgentFacts {
  readonly id: string;
  readonly hostname: string;
  readonly attributes: readonly Attribute[];
  readonly domain: DomainInfo | undefined;
  readonly unavailability: Unavailability | undefined;
}

export const factsOf = (offer: Offer): AgentFacts => ({
  id: offer.agent_id.value,
  hostname: offer.hostname,
  attributes: offer.attributes ?? [],
  domain: offer.domain,
  unavailability: offer.unavailability,
});

/** Epoch milliseconds. */
export const maintenanceStart = ({ unavailability }: AgentFacts): number | undefined =>
  unavailability === undefined ? undefined : Number(unavailability.start.nanoseconds) / 1e6;

/**
 * Whether the agent is in maintenance or will be within the horizon (docs/maintenance.md, "Maintenance windows": without
 * a duration it is for ever). A window that is over means nothing.
 */
export const isNearMaintenance = ({ unavailability }: AgentFacts, now: number, horizonSecs: number): boolean =>
  unavailability !== undefined && isNear(windowOf(unavailability), now, horizonSecs);
