import { describe, expect, it } from 'vitest';
import type { Resource } from '../generated/protocol.js';
import { resourcesError } from './resource-validation.js';

const cpus = (more: Partial<Resource> = {}): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, ...more });
const ports = (...range: { begin: number; end: number }[]): Resource => ({ name: 'ports', type: 'RANGES', ranges: { range } });
const stack = (...reservations: Resource.ReservationInfo[]): Resource => cpus({ reservations });

describe('what is valid', () => {
  it.each<[string, Resource]>([
    ['nothing of it', cpus({ scalar: { value: 0 } })],
    ['unreserved, said or not', cpus({ role: '*' })],
    ['a static reservation, old form', cpus({ role: 'a' })],
    ['a dynamic reservation, old form', cpus({ role: 'a', reservation: { principal: 'p' } })],
    ['a stack', stack({ type: 'STATIC', role: 'a' }, { type: 'DYNAMIC', role: 'a/b' }, { type: 'DYNAMIC', role: 'a/b/c' })],
    ['both forms that say the same', cpus({ role: 'a', reservation: {}, reservations: [{ type: 'DYNAMIC', role: 'a' }] })],
  ])('%s', (_, resource) => {
    expect(resourcesError([resource])).toBeUndefined();
  });
});

describe('what is not', () => {
  it.each<[Resource, string]>([
    [cpus({ name: '' }), `Resource ':1' is invalid: Empty resource name`],
    [cpus({ scalar: undefined }), `Resource 'cpus:0' is invalid: Invalid scalar resource`],
    [cpus({ scalar: { value: -1 } }), `Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0`],
    [cpus({ set: { item: [] } }), `Resource 'cpus:1' is invalid: Invalid scalar resource`],
    [cpus({ type: 'TEXT' }), `Resource 'cpus:{}' is invalid: Unsupported resource type`],
    [ports({ begin: 2, end: 1 }), `Resource 'ports:[2-1]' is invalid: Invalid ranges resource: begin > end`],
    [
      ports({ begin: 1, end: 3 }, { begin: 3, end: 4 }),
      `Resource 'ports:[1-3, 3-4]' is invalid: Invalid ranges resource: overlapping ranges`,
    ],
    [cpus({ role: 'a b' }), `Resource 'cpus:1' is invalid: Role component 'a b' is invalid because it contains backspace or whitespace`],
    [cpus({ reservation: {} }), `Resource 'cpus:1' is invalid: Invalid reservation: role "*" cannot be dynamically reserved`],
    [
      cpus({ role: 'a', reservation: { role: 'a' } }),
      `Resource 'cpus:1' is invalid: 'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field`,
    ],
    [
      stack({ role: 'a' }),
      `Resource 'cpus(reservations: [(UNKNOWN,a)]):1' is invalid: Invalid reservation: 'Resource.ReservationInfo.type' field must be set.`,
    ],
    [
      stack({ type: 'STATIC', role: '*' }),
      `Resource 'cpus(reservations: [(STATIC,*)]):1' is invalid: Invalid reservation: role "*" cannot be reserved`,
    ],
    [
      stack({ type: 'STATIC', role: 'a' }, { type: 'STATIC', role: 'a/b' }),
      `Resource 'cpus(reservations: [(STATIC,a),(STATIC,a/b)]):1' is invalid: Invalid refined reservation: A refined reservation cannot be STATIC`,
    ],
    [
      stack({ type: 'STATIC', role: 'a' }, { type: 'DYNAMIC', role: 'ab' }),
      `Resource 'cpus(reservations: [(STATIC,a),(DYNAMIC,ab)]):1' is invalid: Invalid refined reservation: role 'ab' is not a refinement of 'a'`,
    ],
    [
      cpus({ role: 'b', reservations: [{ type: 'STATIC', role: 'a' }] }),
      `Resource 'cpus(reservations: [(STATIC,a)]):1' is invalid: Invalid resource format: 'Resource.role' field with 'b' does not match the role 'a' in 'Resource.reservations'`,
    ],
    [
      cpus({ role: 'a', reservations: [{ type: 'DYNAMIC', role: 'a' }] }),
      `Resource 'cpus(reservations: [(DYNAMIC,a)]):1' is invalid: Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC`,
    ],
    [cpus({ disk: {} }), `Resource 'cpus[]:1' is invalid: DiskInfo should not be set for cpus resource`],
    [cpus({ shared: {} }), `Resource 'cpus<SHARED>:1' is invalid: Resource cpus cannot be shared`],
  ])('%j', (resource, message) => {
    expect(resourcesError([cpus(), resource])).toBe(message);
  });
});
