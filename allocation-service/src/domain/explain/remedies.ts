import type { Licence, Quantities } from '@streams-on-mesos/messages';
import { licencePool, leasedLicences } from '../licences/licences.js';
import type { Candidate } from '../matching/candidate.js';
import type { Refusal } from '../matching/feasibility.js';
import type { State } from '../model.js';
import type { Remedy } from './explanation.js';
import type { Situation } from './what-if.js';

/** The least that Mesos counts. */
const LEAST = 0.001;

const secondsUntil = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1000));

export type Shortage = Extract<Refusal, { readonly needed: number }>;

const lessOf = ({ reason, offered }: Shortage, requested: Quantities): Remedy | undefined => {
  if (reason === 'ports') return offered >= 1 ? { change: 'any-ports', ports: Math.min(offered, portsWanted(requested)) } : undefined;
  // Whole ones: a task gets no part of a GPU.
  const to = reason === 'gpus' ? Math.floor(offered) : offered;
  const least = reason === 'cpus' || reason === 'mem' ? LEAST : 0;
  return to < least ? undefined : { change: 'reduce', quantity: reason, from: requested[reason] ?? 0, to };
};

const portsWanted = ({ ports = 0, port_ranges: ranges = [] }: Quantities): number =>
  ranges.reduce((sum, { begin, end }) => sum + end - begin + 1, ports);

/** As many as are leased, and those of one more resource. */
export const raisedLicence = (state: State, { name, count }: Licence): Remedy => ({
  change: 'raise-licence',
  name,
  from: licencePool(state, name),
  to: leasedLicences(state, name) + count,
});

/** Where there are two ways to help. */
export interface Way {
  /** Agents that are avoided are used in the end when no other has room, or as soon as somebody returns them. */
  readonly avoided: 'wait' | 'return';
  /** Too little is made up for by accepting revocable resources where there are such, or else by reducing. */
  readonly shortage: 'reduce' | 'accept-revocable';
}

export const ways: readonly Way[] = (['reduce', 'accept-revocable'] as const).flatMap((shortage) => [
  { avoided: 'wait', shortage },
  { avoided: 'return', shortage },
]);

/** Agents that are not welcome are used when no others had room for so long, counted from when they first had. */
const unwelcomeSecs = ({ state, request, now }: Situation): number => {
  const wait = state.settings.avoidedAgentSecs;
  return request.heldBackSince === undefined ? wait : secondsUntil(request.heldBackSince + wait * 1000, now);
};

/** What helps against one refusal; undefined: nothing that the requester or an operator changes does. */
const remedyOf = (refusal: Refusal, situation: Situation, candidate: Candidate, way: Way): Remedy | undefined => {
  const { state, request, resource, now } = situation;
  const { requirements } = request;
  switch (refusal.reason) {
    case 'cpus':
    case 'mem':
    case 'disk':
    case 'gpus':
    case 'ports':
      return lessOf(refusal, resource.requested);
    case 'constraint':
      return {
        change: 'drop-constraint',
        number: requirements.constraints.indexOf(refusal.constraint) + 1,
        constraint: refusal.constraint,
      };
    case 'revocable':
      return { change: 'accept-revocable' };
    case 'role':
      return { change: 'use-role', role: refusal.offered };
    case 'alone':
      return requirements.aloneOnAgent ? { change: 'share-agent' } : undefined;
    case 'licence':
      return raisedLicence(state, refusal.licence);
    case 'avoided':
      return way.avoided === 'wait'
        ? { change: 'wait', seconds: unwelcomeSecs(situation), until: 'unwelcome-agents-will-do' }
        : { change: 'return-agent', agent_id: candidate.agent.id };
    case 'back-off':
      return { change: 'wait', seconds: secondsUntil(refusal.until, now), until: 'backed-off' };
    case 'earmarked-for-another': {
      const holder = state.requests.get(refusal.request);
      if (holder === undefined) return undefined;
      return { change: 'raise-priority', from: requirements.priority, to: holder.requirements.priority + 1 };
    }
    case 'maintenance':
      return { change: 'wait', seconds: unwelcomeSecs(situation), until: 'unwelcome-agents-will-do' };
    case 'reserved':
      return undefined;
  }
};

export const isShortage = (refusal: Refusal): refusal is Shortage => ['cpus', 'mem', 'disk', 'gpus', 'ports'].includes(refusal.reason);

/** One remedy for each refusal; undefined: one of them has none. */
export const remediesFor = (
  refusals: readonly Refusal[],
  situation: Situation,
  candidate: Candidate,
  way: Way,
): readonly Remedy[] | undefined => {
  const acceptsRevocable = way.shortage === 'accept-revocable' && refusals.some(({ reason }) => reason === 'revocable');
  const chosen: Remedy[] = [];
  for (const refusal of refusals) {
    // Revocable resources make up for every shortage at once; reservations for others only say why there is one.
    if (refusal.reason === 'reserved' || (acceptsRevocable ? isShortage(refusal) : refusal.reason === 'revocable')) continue;
    const remedy = remedyOf(refusal, situation, candidate, way);
    if (remedy === undefined) return undefined;
    chosen.push(remedy);
  }
  return chosen;
};
