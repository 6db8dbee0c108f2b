import { describe, expect, it } from 'vitest';
import type { Call, OperationStatus } from '../../../generated/protocol.js';
import { formatResources } from '../../../resources/resources.js';
import { task, type TestMaster } from '../testing/master.js';
import {
  accept,
  acknowledgements,
  applied,
  finish,
  reserve,
  reserved,
  started,
  statuses,
  unreserve,
  withId,
} from '../testing/operations.js';
import { compareOperations } from './operations.js';

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
