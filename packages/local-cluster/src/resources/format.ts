// Resources as Mesos prints them in its messages (resources.cpp and values.cpp, operator<<).
import type { Labels, Resource } from '../generated/protocol.js';
import type { Identity } from './identity.js';
import type { Quantity } from './quantity.js';

/** With so many significant digits, as C++ streams print a double (%g). */
export function formatDouble(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  if (Number(exponent) >= -4 && Number(exponent) < digits) return String(Number(value.toPrecision(digits)));
  return `${Number(mantissa)}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}

export function formatQuantity(quantity: Quantity): string {
  if (quantity.type === 'SCALAR') return formatDouble(quantity.milli / 1000, 15);
  if (quantity.type === 'SET') return `{${quantity.items.join(', ')}}`;
  return `[${quantity.ranges.map(([begin, end]) => `${begin}-${end}`).join(', ')}]`;
}

export const formatLabels = ({ labels = [] }: Labels): string =>
  `{${labels.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`)).join(', ')}}`;

const formatReservation = ({ type = 'UNKNOWN', role = '', principal, labels }: Resource.ReservationInfo): string =>
  `(${type},${role}${principal === undefined ? '' : `,${principal}`}${labels === undefined ? '' : `,${formatLabels(labels)}`})`;

const formatSource = ({ type, path, mount, vendor = '', id, profile }: Resource.DiskInfo.Source): string => {
  if (type === 'UNKNOWN') return type;
  if (id !== undefined || profile !== undefined) return `${type}(${vendor},${id ?? ''},${profile ?? ''})`;
  const root = type === 'MOUNT' ? mount?.root : type === 'PATH' ? path?.root : undefined;
  return root === undefined ? type : `${type}:${root}`;
};

const formatDisk = ({ source, persistence, volume }: Resource.DiskInfo): string => {
  const parts = [...(source === undefined ? [] : [formatSource(source)]), ...(persistence === undefined ? [] : [persistence.id])];
  if (volume === undefined) return parts.join(',');
  const { container_path, host_path, mode } = volume;
  const hostPart = host_path === undefined ? '' : `${host_path}:`;
  return `${parts.join(',')}:${hostPart}${container_path}${host_path === undefined || mode === undefined ? '' : `:${mode.toLowerCase()}`}`;
};

/** All before the colon. `identity` may also be a resource of the wire. */
export const formatIdentity = (identity: Identity | Resource, allocationRole: string | undefined): string =>
  [
    identity.name,
    allocationRole === undefined ? '' : `(allocated: ${allocationRole})`,
    (identity.reservations ?? []).length === 0 ? '' : `(reservations: [${(identity.reservations ?? []).map(formatReservation).join(',')}])`,
    identity.disk === undefined ? '' : `[${formatDisk(identity.disk)}]`,
    identity.revocable === undefined ? '' : '{REV}',
    identity.shared === undefined ? '' : '<SHARED>',
  ].join('');
