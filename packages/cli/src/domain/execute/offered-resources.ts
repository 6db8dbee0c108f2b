import { reservationRole, type Resource } from '@streams-on-mesos/mesos';
import { share } from './share.js';

export interface Taking {
  readonly taken: readonly Resource[];
  /** What others may still take. */
  readonly left: readonly Resource[];
  /** What was not there; empty when all was. */
  readonly missing: readonly Resource[];
}

/** Volumes, revocable and shared resources are only for those who ask for just them. */
const isPlain = ({ disk, revocable, shared, provider_id }: Resource): boolean =>
  disk === undefined && revocable === undefined && shared === undefined && provider_id === undefined;

const takeOne = (offered: readonly Resource[], wanted: Resource): Taking => {
  // A request for a volume or the like says itself which one; Mesos checks it.
  if (!isPlain(wanted)) return { taken: [wanted], left: offered, missing: [] };
  const taken: Resource[] = [];
  const left: Resource[] = [];
  let missing: Resource | undefined = wanted;
  for (const part of offered) {
    if (missing === undefined || part.name !== wanted.name || part.type !== wanted.type || !isPlain(part)) {
      left.push(part);
      continue;
    }
    const shared = share(part, missing);
    missing = shared.missing;
    if (shared.given !== undefined) taken.push(shared.given);
    if (shared.left !== undefined) left.push(shared.left);
  }
  return { taken, left, missing: missing === undefined ? [] : [missing] };
};

const isReserved = (resource: Resource): boolean => reservationRole(resource) !== undefined;

/** Takes what is wanted out of an offer, first from what is reserved, as mesos-execute does; reservations go along. */
export const take = (offered: readonly Resource[], wanted: readonly Resource[]): Taking => {
  const inOrder = [...offered.filter(isReserved), ...offered.filter((part) => !isReserved(part))];
  return wanted.reduce<Taking>(
    (sum, one) => {
      const { taken, left, missing } = takeOne(sum.left, one);
      return { taken: [...sum.taken, ...taken], left, missing: [...sum.missing, ...missing] };
    },
    { taken: [], left: inOrder, missing: [] },
  );
};
