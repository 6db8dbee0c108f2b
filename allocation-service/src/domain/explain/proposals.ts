import { missingLicence } from '../licences/licences.js';
import type { Candidate } from '../matching/candidate.js';
import type { Refusal } from '../matching/feasibility.js';
import type { Proposal, Remedy } from './explanation.js';
import { isShortage, raisedLicence, remediesFor, ways, type Way } from './remedies.js';
import { refusalsAfter, type Situation } from './what-if.js';
import { proposalText } from './words.js';

/** A candidate that the resource does not fit, and why. */
export interface Refused {
  readonly candidate: Candidate;
  readonly refusals: readonly Refusal[];
}

const MOST_PROPOSALS = 5;
/** How many of the best offers are tried out. */
const MOST_TRIED = 50;
/** What one remedy uncovers is remedied in turn: the second licence is only looked at when the first is there. */
const MOST_ROUNDS = 20;

const isSame = (a: Remedy, b: Remedy): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Remedies after which nothing is in the way; undefined: there are none. */
const sufficient = (situation: Situation, { candidate, refusals }: Refused, way: Way): readonly Remedy[] | undefined => {
  let remedies: Remedy[] = [];
  let left = refusals;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const more = remediesFor(left, situation, candidate, way);
    if (more === undefined) return undefined;
    const added = more.filter((remedy) => !remedies.some((known) => isSame(known, remedy)));
    if (added.length === 0) return undefined;
    remedies = [...remedies, ...added];
    left = refusalsAfter(situation, candidate, remedies);
    if (left.length === 0) return withoutNeedless(situation, candidate, remedies);
  }
  return undefined;
};

const withoutNeedless = (situation: Situation, candidate: Candidate, remedies: readonly Remedy[]): readonly Remedy[] => {
  let needed = remedies;
  for (const remedy of remedies) {
    const others = needed.filter((other) => other !== remedy);
    if (others.length > 0 && refusalsAfter(situation, candidate, others).length === 0) needed = others;
  }
  return needed;
};

/** By how much a remedy changes what was asked for: the part of a quantity that is given up, 1 for all else. */
const weight = (remedy: Remedy): number => {
  if (remedy.change === 'wait') return 0.1;
  if (remedy.change !== 'reduce') return 1;
  return remedy.from === 0 ? 0.5 : (remedy.from - remedy.to) / remedy.from;
};

const weightOf = (remedies: readonly Remedy[]): number => remedies.reduce((sum, remedy) => sum + weight(remedy), 0);

/** What a remedy changes, whatever it changes that to. */
const subject = (remedy: Remedy): string => {
  switch (remedy.change) {
    case 'reduce':
      return `reduce ${remedy.quantity}`;
    case 'drop-constraint':
      return `drop-constraint ${remedy.number}`;
    case 'wait':
      return `wait ${remedy.until}`;
    default:
      return remedy.change;
  }
};

/** Changes of the same things are one proposal: the smallest of them. */
const signature = (remedies: readonly Remedy[]): string => remedies.map(subject).sort().join();

const isNoMore = (remedy: Remedy, other: Remedy): boolean => subject(remedy) === subject(other) && weight(remedy) <= weight(other);

/** Everything that the one needs the other needs too, and more. */
const isPartOf = (less: readonly Remedy[], more: readonly Remedy[]): boolean =>
  less.length < more.length && less.every((remedy) => more.some((other) => isNoMore(remedy, other)));

/** How far the offer is from fitting: for each shortage the part that is missing, 1 for all else. */
const distance = ({ refusals }: Refused): number =>
  refusals.reduce((sum, refusal) => sum + (isShortage(refusal) ? 1 - refusal.offered / Math.max(refusal.needed, 0.001) : 1), 0);

/** With nothing that was offered: what keeps offers from being asked for. */
const withoutOffers = ({ state, request }: Situation): Proposal[] => {
  const licence = missingLicence(state, request);
  if (licence === undefined) return [];
  const remedies = [raisedLicence(state, licence)];
  return [{ remedies, text: proposalText(remedies, undefined) }];
};

/** The smallest sets of changes found, for the best of the offers. */
export const proposalsFor = (situation: Situation, refused: readonly Refused[]): Proposal[] => {
  if (refused.length === 0) return withoutOffers(situation);
  const best = refused
    .map((one) => ({ one, far: distance(one) }))
    .sort((a, b) => a.one.refusals.length - b.one.refusals.length || a.far - b.far)
    .slice(0, MOST_TRIED);
  const found = new Map<string, { readonly candidate: Candidate; readonly remedies: readonly Remedy[] }>();
  const attempts = best.flatMap(({ one }) => ways.map((way) => ({ one, way })));
  for (const { one, way } of attempts) {
    const remedies = sufficient(situation, one, way);
    if (remedies === undefined) continue;
    const key = signature(remedies);
    const known = found.get(key);
    if (known === undefined || weightOf(remedies) < weightOf(known.remedies)) found.set(key, { candidate: one.candidate, remedies });
  }
  const all = [...found.values()];
  return all
    .filter(({ remedies }) => !all.some((other) => isPartOf(other.remedies, remedies)))
    .sort((a, b) => a.remedies.length - b.remedies.length || weightOf(a.remedies) - weightOf(b.remedies))
    .slice(0, MOST_PROPOSALS)
    .map(({ candidate: { agent }, remedies }) => ({
      agent_id: agent.id,
      host: agent.hostname,
      remedies,
      text: proposalText(remedies, agent.hostname),
    }));
};
