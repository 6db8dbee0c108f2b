// What tells two resources of the same name apart (resources.cpp, compareResourceMetadata). What a resource is allocated to is kept
// beside it, by the offer, task or executor that holds it.
import type { Labels, Resource } from '../generated/protocol.js';

export type Reservation = Resource.ReservationInfo & { readonly type: 'STATIC' | 'DYNAMIC'; readonly role: string };

export interface Identity {
  readonly name: string;
  /** The first reservation first, the finest last. Absent, never empty: unreserved. */
  readonly reservations?: readonly Reservation[] | undefined;
  readonly disk?: Resource.DiskInfo | undefined;
  readonly revocable?: Resource['revocable'];
  readonly shared?: Resource['shared'];
  readonly provider_id?: Resource['provider_id'];
}

const labelsKey = (labels: Labels | undefined): string[] | undefined =>
  labels?.labels?.map(({ key, value }) => JSON.stringify([key, value])).sort();

const reservationKey = ({ type, role, principal, labels }: Resource.ReservationInfo): unknown => [
  type,
  role,
  principal ?? null,
  labels === undefined ? null : (labelsKey(labels) ?? []),
];

export const isSameReservation = (left: Resource.ReservationInfo, right: Resource.ReservationInfo): boolean =>
  left === right || JSON.stringify(reservationKey(left)) === JSON.stringify(reservationKey(right));

/** Without a disk's volume, which says how a resource is used, not what it is. */
const diskKey = (disk: Resource.DiskInfo | undefined): unknown => {
  if (disk === undefined) return null;
  const { type, path, mount, vendor, id, metadata, profile } = disk.source ?? {};
  return [
    disk.source === undefined ? null : [type, path && [path.root], mount && [mount.root], vendor, id, labelsKey(metadata), profile],
    disk.persistence?.id ?? null,
  ];
};

const isPlain = ({ reservations, disk, revocable, shared, provider_id }: Identity): boolean =>
  reservations === undefined && disk === undefined && revocable === undefined && shared === undefined && provider_id === undefined;

const detailKey = ({ reservations = [], disk, revocable, shared, provider_id }: Identity): string =>
  JSON.stringify([
    reservations.map(reservationKey),
    diskKey(disk),
    revocable !== undefined,
    shared !== undefined,
    provider_id?.value ?? null,
  ]);

export function isSameIdentity(left: Identity, right: Identity): boolean {
  if (left.name !== right.name) return false;
  const [leftPlain, rightPlain] = [isPlain(left), isPlain(right)];
  return leftPlain || rightPlain ? leftPlain === rightPlain : detailKey(left) === detailKey(right);
}

const definedOnly = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;

/** Of a resource in the format with a stack of reservations (`upgradeResource`). */
export const identityOf = ({ name, reservations = [], disk, revocable, shared, provider_id }: Resource): Identity => {
  const details = {
    reservations: reservations.length === 0 ? undefined : (reservations as Reservation[]),
    disk,
    revocable,
    shared,
    provider_id,
  };
  // Nearly all are.
  return isPlain({ name, ...details }) ? { name } : definedOnly({ name, ...details });
};
