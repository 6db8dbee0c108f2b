import type { Explanation } from './explanation.js';

type Facts = Omit<Explanation, 'text'>;

const secondsSince = (at: number, now: number): string => `${Math.max(0, Math.round((now - at) / 1000))} s ago`;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Agents that have less are not even offered. */
const askedForText = ({ asked_for: asked }: Facts): string[] => {
  const alternatives = (asked?.min_allocatable?.quantities ?? []).map(({ quantities = {} }) =>
    Object.entries(quantities)
      .map(([name, { value }]) => `${name}:${value}`)
      .join(';'),
  );
  return [
    ...(alternatives.length === 0 ? [] : [`  Asked for are agents with at least ${alternatives.join(' or ')}.`]),
    ...(asked?.constraints === undefined ? [] : ['  Asked for are only agents whose attributes fulfil the constraints.']),
  ];
};

const nothingText = ({ offers, no_offers_because: because }: Facts, now: number): string => {
  const since = offers.none_since_ms === undefined ? '' : ` for ${Math.max(0, Math.round((now - offers.none_since_ms) / 1000))} s`;
  if (because !== undefined) return `Mesos has offered nothing${since}.`;
  const asked = offers.asked_at_ms === undefined ? '' : `, last asked for ${secondsSince(offers.asked_at_ms, now)}`;
  return `Mesos has offered nothing${since}${asked}: no agent has anything free for its role, or as much as is asked for at least.`;
};

const offersText = (facts: Facts, now: number): string[] => {
  const { offers, no_offers_because: because } = facts;
  const lines: string[] = [];
  if (because === 'not-connected') lines.push('No offers can come: offer-service, the broker or the Mesos master is away.');
  if (because === 'role-not-ours') lines.push('No offers can come: its role is no longer one of this framework (MESOS_ROLE).');
  if (because === 'backing-off')
    lines.push('Offers are suppressed by allocation-service until the back-off is over: its tasks died early.');
  if (because === 'licence-missing') lines.push('Offers are suppressed by allocation-service until there are licences for it.');
  if (offers.looked_at === 0) {
    lines.push(nothingText(facts, now));
    return because === undefined ? [...lines, ...askedForText(facts)] : lines;
  }
  const last = offers.last_seen_at_ms === undefined ? '' : `, the last one ${secondsSince(offers.last_seen_at_ms, now)}`;
  lines.push(`Of ${count(offers.looked_at, 'offer')}${last}, ${offers.fitting === 0 ? 'none fits' : `${offers.fitting} would fit`}:`);
  return lines;
};

/** All of an explanation in plain words, a line each. */
export const explanationText = (facts: Facts, now: number): string[] => {
  const { id, waiting, refusals, proposals, others, workload_fault: fault, backoff_until_ms: backoff } = facts;
  if (waiting === 0) {
    const lines = others.map((other) => `${other.id}: ${other.text}`);
    return [`Nothing of ${id} waits for an offer.`, ...lines];
  }
  return [
    `${id}: ${waiting === 1 ? '1 resource waits' : `${waiting} resources wait`} for an offer.`,
    ...(backoff === undefined
      ? []
      : [`Nothing of it is launched for another ${Math.ceil((backoff - now) / 1000)} s: its tasks died early.`]),
    ...(fault === undefined ? [] : [`Its start command could not be made (${secondsSince(fault.at_ms, now)}): ${fault.message}`]),
    ...offersText(facts, now),
    ...refusals.map(({ offers, text }) => `  ${offers}: ${text}`),
    ...(proposals.length === 0 ? [] : ['What would help, one of these:']),
    ...proposals.map(({ text }) => `  - ${text}`),
    ...others.map((other) => `${other.id}: ${other.text}`),
  ];
};
