import { describe, expect, it } from 'vitest';
import type { Call, Offer, OperationStatus, Resource } from '../../../generated/protocol.js';
import type { ToAgent } from '../../../network/messages.js';
import { formatResources } from '../../../resources/resources.js';
import { task, TestMaster } from '../testing/master.js';
import { compareOperations, operationStatus } from './operations.js';

const REFINES = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }], roles: ['team'] };

const reserved = (cpus: number, more: Partial<Resource.ReservationInfo> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: cpus },
  reservations: [{ type: 'DYNAMIC', role: 'team', ...more }],
});
const reserve = (...resources: Resource[]): Offer.Operation => ({ type: 'RESERVE', reserve: { resources } });
const unreserve = (...resources: Resource[]): Offer.Operation => ({ type: 'UNRESERVE', unreserve: { resources } });
const withId = (operation: Offer.Operation, value = 'op'): Offer.Operation => ({ ...operation, id: { value } });

const started = (framework: object = REFINES) => {
  const master = new TestMaster();
  const agentId = master.agent('h', 'cpus:4;mem:4096');
  const frameworkId = master.framework('f', framework);
  const agent = master.state.agents.get(agentId);
  if (agent === undefined) throw new Error('no agent');
  return { master, agent, agentId, frameworkId };
};

const accept = (master: TestMaster, ...operations: Offer.Operation[]): void => {
  const offer_ids = master.open('f').map(({ id }) => id);
  master.call('f', { type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds: 0 } } });
};

const statuses = (master: TestMaster): OperationStatus[] =>
  (master.events.get('f') ?? []).flatMap(({ update_operation_status: one }) => (one === undefined ? [] : [one.status]));

const applied = (master: TestMaster) => master.messages.flatMap(({ message }) => (message.type === 'apply-operation' ? [message] : []));

const finish = (master: TestMaster, agentId: string, { uuid, frameworkId, info }: Extract<ToAgent, { type: 'apply-operation' }>): void => {
  const status: OperationStatus = {
    ...(info.id && { operation_id: info.id }),
    state: 'OPERATION_FINISHED',
    uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    agent_id: { value: agentId },
  };
  master.turn((turn) =>
    operationStatus(master.state, { type: 'operation-status', agentId, frameworkId, operationUuid: uuid, status }, turn),
  );
};

const acknowledgements = (master: TestMaster) => master.messages.filter(({ message }) => message.type === 'acknowledge-operation-status');

describe('RESERVE and UNRESERVE', () => {
  it('a LAUNCH after a RESERVE in the same call has the reserved resources, and what is left is offered reserved', () => {
    const { master, agent, agentId } = started();
    const info = { ...task('t', agentId, 1), resources: [reserved(1)] };
    accept(master, reserve(reserved(3)), { type: 'LAUNCH', launch: { task_infos: [info] } });
    expect(formatResources(agent.total)).toBe('cpus:1; mem:4096; cpus(reservations: [(DYNAMIC,team)]):3');
    expect(
      formatResources(master.state.frameworks.get([...master.state.frameworks.keys()][0] ?? '')?.tasks.get('t')?.resources ?? []),
    ).toBe('cpus(reservations: [(DYNAMIC,team)]):1');
    master.cycle(1000);
    const [offer] = master.open('f');
    expect(offer?.resources).toContainEqual({ ...reserved(2), allocation_info: { role: 'team' } });
    expect(applied(master)).toHaveLength(1);
  });

  it('what is reserved is not declined: it is offered again at once, and with it the rest, which was refused without it', () => {
    const { master } = started();
    const offer_ids = master.open('f').map(({ id }) => id);
    master.call('f', { type: 'ACCEPT', accept: { offer_ids, operations: [reserve(reserved(1))], filters: { refuse_seconds: 1000 } } });
    master.cycle(1000);
    expect(master.open('f').flatMap(({ resources = [] }) => resources.map(({ name, scalar }) => `${name}:${scalar?.value}`))).toEqual([
      'cpus:1',
      'cpus:3',
      'mem:4096',
    ]);
  });

  it('in the format of before refinement', () => {
    const { master, agent } = started({ roles: undefined, role: 'team', capabilities: [] });
    accept(master, reserve({ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'team', reservation: { principal: 'p' } }));
    expect(formatResources(agent.total)).toBe('cpus:3; mem:4096; cpus(reservations: [(DYNAMIC,team,p)]):1');
    master.cycle(1000);
    const offered = master.open('f').flatMap(({ resources = [] }) => resources);
    expect(offered).toContainEqual({ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'team', reservation: { principal: 'p' } });
    expect(offered).toContainEqual({ name: 'mem', type: 'SCALAR', scalar: { value: 4096 }, role: '*' });
  });

  it('UNRESERVE takes back the finest reservation', () => {
    const { master, agent } = started();
    accept(master, reserve(reserved(3)));
    master.cycle(1000);
    accept(master, unreserve(reserved(2)));
    expect(formatResources(agent.total)).toBe('cpus:3; mem:4096; cpus(reservations: [(DYNAMIC,team)]):1');
  });

  it('one that fails changes nothing, and the next goes on', () => {
    const { master, agent } = started();
    accept(master, withId(reserve(reserved(5)), 'a'), withId(reserve(reserved(4)), 'b'));
    expect(formatResources(agent.total)).toBe('mem:4096; cpus(reservations: [(DYNAMIC,team)]):4');
    expect(statuses(master)).toEqual([
      {
        operation_id: { value: 'a' },
        state: 'OPERATION_ERROR',
        message: 'cpus(allocated: team):4; mem(allocated: team):4096 does not contain cpus(allocated: team):5',
      },
    ]);
  });
});

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

describe('feedback', () => {
  const acknowledge = (agentId: string, uuid: string): Call => ({
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    acknowledge_operation_status: { agent_id: { value: agentId }, operation_id: { value: 'op' }, uuid },
  });

  it('goes to the framework, whose acknowledgement goes to the agent and ends the operation', () => {
    const { master, agent, agentId } = started();
    accept(master, withId(reserve(reserved(1))));
    const [message] = applied(master);
    if (message === undefined) throw new Error('nothing was applied');
    expect(Buffer.from(message.uuid, 'base64')).toHaveLength(16);
    finish(master, agentId, message);
    expect(statuses(master).map(({ state, uuid }) => [state, uuid?.value])).toEqual([['OPERATION_FINISHED', 'AAAAAAAAAAAAAAAAAAAAAA==']]);
    expect(acknowledgements(master)).toEqual([]);
    expect(master.call('f', acknowledge(agentId, 'BBBBBBBBBBBBBBBBBBBBBB=='))).toEqual({ status: 202 });
    expect(agent.operations.size).toBe(1);
    expect(master.call('f', acknowledge(agentId, 'AAAAAAAAAAAAAAAAAAAAAA=='))).toEqual({ status: 202 });
    expect(agent.operations.size).toBe(0);
    expect(acknowledgements(master)).toHaveLength(1);
  });

  it('of an operation without id is acknowledged by the master', () => {
    const { master, agent, agentId } = started();
    accept(master, reserve(reserved(1)));
    for (const message of applied(master)) finish(master, agentId, message);
    expect(statuses(master)).toEqual([]);
    expect(acknowledgements(master)).toHaveLength(1);
    expect(agent.operations.size).toBe(0);
  });

  it('an operation that never reached its agent is dropped when the agent is back', () => {
    const { master, agent } = started();
    accept(master, withId(reserve(reserved(1))));
    master.turn((turn) => compareOperations(master.state, agent, [], turn));
    expect(statuses(master).map(({ state, operation_id }) => [state, operation_id?.value])).toEqual([['OPERATION_DROPPED', 'op']]);
    expect(agent.operations.size).toBe(0);
  });

  it('an operation that another master accepted is known when its agent is here', () => {
    const { master, agent, agentId, frameworkId } = started();
    const latestStatus = {
      state: 'OPERATION_FINISHED' as const,
      operation_id: { value: 'op' },
      uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    };
    const reported = { uuid: 'u', frameworkId, info: withId(reserve(reserved(1))), latestStatus };
    master.turn((turn) => compareOperations(master.state, agent, [reported], turn));
    master.call('f', acknowledge(agentId, 'AAAAAAAAAAAAAAAAAAAAAA=='));
    expect(agent.operations.size).toBe(0);
    expect(acknowledgements(master)).toHaveLength(1);
  });
});

describe('RECONCILE_OPERATIONS', () => {
  const reconcile = (master: TestMaster, ...operations: Call.ReconcileOperations.Operation[]): OperationStatus[] => {
    const before = statuses(master).length;
    expect(master.call('f', { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } })).toEqual({ status: 202 });
    return statuses(master).slice(before);
  };

  it('of a known operation repeats its status, without a uuid; of all too', () => {
    const { master, agentId } = started();
    accept(master, withId(reserve(reserved(1))));
    const pending = { operation_id: { value: 'op' }, state: 'OPERATION_PENDING', agent_id: { value: agentId } };
    expect(reconcile(master, { operation_id: { value: 'op' } })).toEqual([pending]);
    for (const message of applied(master)) finish(master, agentId, message);
    expect(reconcile(master)).toEqual([{ ...pending, state: 'OPERATION_FINISHED' }]);
  });

  it.each<[string, string | undefined, string, string]>([
    ['of no agent', undefined, 'OPERATION_UNKNOWN', `Reconciliation: Operation is unknown and no 'agent_id' was provided`],
    ['of an agent that is here', 'm-S0', 'OPERATION_UNKNOWN', 'Reconciliation: Operation is unknown'],
    ['of an unknown agent', 'x', 'OPERATION_UNKNOWN', 'Reconciliation: Both operation and agent are unknown'],
    ['of a recovered agent', 'recovered', 'OPERATION_RECOVERING', 'Reconciliation: Agent is recovered but has not re-registered'],
    ['of an unreachable agent', 'unreachable', 'OPERATION_UNREACHABLE', 'Reconciliation: Agent is unreachable'],
    ['of a gone agent', 'gone', 'OPERATION_GONE_BY_OPERATOR', 'Reconciliation: Agent marked gone by operator'],
  ])('of an unknown operation %s', (_, agentId, state, message) => {
    const { master } = started();
    master.state.recoveredAgents.add('recovered');
    master.state.unreachableAgents.set('unreachable', 1);
    master.state.goneAgents.set('gone', 1);
    const agent = agentId === undefined ? {} : { agent_id: { value: agentId } };
    expect(reconcile(master, { operation_id: { value: 'o' }, ...agent })).toEqual([
      { operation_id: { value: 'o' }, state, message, ...agent },
    ]);
  });
});
