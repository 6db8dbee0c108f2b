import { describe, expect, it } from 'vitest';
import type { Offer, Resource } from '../../../generated/protocol.js';
import { formatResources } from '../../../resources/resources.js';
import { task } from '../testing/master.js';
import { REFINES, accept, applied, reserve, reserved, started, statuses, unreserve, withId } from '../testing/operations.js';

describe('what is refused', () => {
  const at = '; on agent m-S0 at slave(1)@h:5051 (h)';
  const volume = (more: Partial<Resource.DiskInfo> = {}): Resource => ({
    name: 'disk',
    type: 'SCALAR',
    scalar: { value: 10 },
    reservations: [{ type: 'STATIC', role: 'team' }],
    disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'v' }, ...more },
  });
  const plainDisk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 1 }, reservations: [{ type: 'STATIC', role: 'team' }] };
  const printedVolume = 'disk(allocated: team)(reservations: [(STATIC,team)])[v:v]:10';
  const offered = 'cpus(allocated: team):4; mem(allocated: team):4096';

  it.each<[Offer.Operation, string]>([
    [
      { type: 'RESERVE' },
      'Operation attempted with invalid resources: A RESERVE offer operation must have the Offer.Operation.reserve field set.',
    ],
    [
      { type: 'UNRESERVE' },
      'Operation attempted with invalid resources: An UNRESERVE offer operation must have the Offer.Operation.unreserve field set.',
    ],
    [
      { type: 'GROW_VOLUME' },
      'Operation attempted with invalid resources: A GROW_VOLUME operation must have the Offer.Operation.grow_volume field set',
    ],
    [reserve(), `Invalid resources: The resources have multiple resource providers: ${at}`],
    [
      reserve({ ...reserved(1), reservations: [{ type: 'DYNAMIC' }] }),
      `Operation attempted with invalid resources: Resource 'cpus(reservations: [(DYNAMIC,)]):1' is invalid: Invalid reservation: 'Resource.ReservationInfo.role' field must be set.`,
    ],
    [
      { type: 'RESERVE', reserve: { source: [reserved(1)], resources: [reserved(1)] } },
      'Operation attempted with invalid resources: Reservation updates are not yet implemented for the scheduler API.',
    ],
    [
      reserve(reserved(1, { type: 'STATIC' })),
      `Resource cpus(allocated: team)(reservations: [(STATIC,team)]):1 is not dynamically reserved${at}`,
    ],
    [
      reserve(reserved(1, { role: 'other' })),
      `A reserve operation was attempted for a resource with role 'other', but the resource was allocated to role 'team'${at}`,
    ],
    [
      reserve({ ...reserved(1, { role: 'other' }), allocation_info: { role: 'other' } }),
      `A reserve operation was attempted for a resource allocated to role 'other', but the framework only has roles '{ team }'${at}`,
    ],
    [
      reserve({ ...reserved(1), allocation_info: {} }),
      `A reserve operation was attempted on unallocated resource cpus(reservations: [(DYNAMIC,team)]):1, but frameworks can only perform reservations on allocated resources${at}`,
    ],
    [
      reserve({ ...reserved(1), revocable: {} }),
      `Invalid resources: Invalid ReservationInfo: Dynamically reserved resource cpus(allocated: team)(reservations: [(DYNAMIC,team)]){REV}:1 cannot be created from revocable resources${at}`,
    ],
    [unreserve(reserved(1)), `${offered} does not contain cpus(allocated: team)(reservations: [(DYNAMIC,team)]):1`],
    [
      unreserve({ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }),
      `Resource cpus(allocated: team):1 is not dynamically reserved${at}`,
    ],
    [
      { type: 'CREATE', create: { volumes: [plainDisk] } },
      `Not a persistent volume: Resource disk(allocated: team)(reservations: [(STATIC,team)]):1 does not have DiskInfo${at}`,
    ],
    [{ type: 'CREATE', create: { volumes: [volume()] } }, `The local cluster does not make persistent volumes${at}`],
    [{ type: 'DESTROY', destroy: { volumes: [volume()] } }, `Persistent volumes not found${at}`],
    [
      { type: 'GROW_VOLUME', grow_volume: { volume: volume(), addition: plainDisk } },
      `Invalid GROW_VOLUME operation: ${offered} does not contain ${printedVolume}; disk(allocated: team)(reservations: [(STATIC,team)]):1`,
    ],
    [
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume(), subtract: { value: 1 } } },
      `Invalid SHRINK_VOLUME operation: ${offered} does not contain ${printedVolume}`,
    ],
    [
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume(), subtract: { value: 10 } } },
      `Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'${at}`,
    ],
    [
      { type: 'CREATE_DISK', create_disk: { source: plainDisk, target_type: 'MOUNT' } },
      `'source' is not managed by a resource provider${at}`,
    ],
    [{ type: 'DESTROY_DISK', destroy_disk: { source: plainDisk } }, `'source' is not managed by a resource provider${at}`],
  ])('%j', (operation, message) => {
    const { master, agent } = started();
    accept(master, withId(operation));
    expect(statuses(master)).toEqual([{ operation_id: { value: 'op' }, state: 'OPERATION_ERROR', message }]);
    expect(formatResources(agent.total)).toBe('cpus:4; mem:4096');
    expect(applied(master)).toEqual([]);
    // Without an id nobody is told.
    master.cycle(1000);
    accept(master, operation);
    expect(statuses(master)).toHaveLength(1);
  });

  it.each([
    [
      undefined,
      `A reserve operation was attempted by principal 'me', but there is a reserved resource in the request with no principal set${at}`,
    ],
    [
      'you',
      `A reserve operation was attempted by authenticated principal 'me', which does not match a reserved resource in the request with principal 'you'${at}`,
    ],
  ])('a reservation of the principal %s by another', (principal, message) => {
    const { master } = started({ ...REFINES, principal: 'me' });
    accept(master, withId(reserve(reserved(1, { ...(principal && { principal }) }))));
    expect(statuses(master).map((status) => status.message)).toEqual([message]);
  });

  it('with invalid offers', () => {
    const { master } = started();
    master.call('f', { type: 'ACCEPT', accept: { offer_ids: [{ value: 'o' }], operations: [withId(reserve(reserved(1)))] } });
    expect(statuses(master)).toEqual([
      {
        operation_id: { value: 'op' },
        state: 'OPERATION_ERROR',
        message: 'Operation attempted with invalid offers: Offer o is no longer valid',
      },
    ]);
  });

  it('an id on a LAUNCH', () => {
    const { master, agentId } = started();
    accept(master, withId({ type: 'LAUNCH', launch: { task_infos: [task('t', agentId, 1)] } }));
    expect(master.events.get('f')?.at(-1)?.update?.status).toMatchObject({
      state: 'TASK_ERROR',
      reason: 'REASON_TASK_INVALID',
      message: 'The `id` field cannot be set on LAUNCH operations',
    });
  });
});
