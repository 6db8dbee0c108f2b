import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentRecoveryError } from './checkpoint/same-agent.js';
import { drainAgent } from '../master/domain/agents/drain.js';
import { markAgentGone } from '../master/domain/agents/gone.js';
import { seeded, SimulatedCluster } from './testing/simulated-cluster.js';

let cluster: SimulatedCluster;
const node = () => cluster.agents[0] ?? expect.fail('no agent');
const statuses = () => cluster.events.flatMap(({ update }) => (update === undefined ? [] : [update.status]));
const last = () => statuses().at(-1);
const pass = (ms: number): void => {
  vi.advanceTimersByTime(ms);
  cluster.acknowledgeAll();
  vi.advanceTimersByTime(10);
  cluster.acknowledgeAll();
  vi.advanceTimersByTime(10);
};

beforeEach(() => {
  vi.useFakeTimers({
    now: 1_000_000_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'Date', 'performance'],
  });
  cluster = new SimulatedCluster(seeded(1), 1);
  pass(2_000);
  cluster.launch('sleep 100');
  pass(1_000);
  expect(last()?.state).toBe('TASK_RUNNING');
});
afterEach(() => {
  cluster.stop();
  vi.useRealTimers();
});

describe('an agent that is started again', () => {
  it('waits for its executors before it registers, and answers pings meanwhile', () => {
    node().kill();
    pass(100);
    node().restart();
    pass(1_900);
    expect([...cluster.master.state.agents.values()].map(({ connected }) => connected)).toEqual([false]);
    pass(1_200);
    expect([...cluster.master.state.agents.values()].map(({ connected }) => connected)).toEqual([true]);
    expect(node().knownTasks()).toEqual(['t0']);
  });

  it('tells of a task whose executor has gone meanwhile', () => {
    node().kill();
    pass(200_000);
    node().restart();
    pass(5_000);
    expect(statuses().filter(({ state }) => state === 'TASK_FINISHED' || state === 'TASK_FAILED')).not.toEqual([]);
    expect(node().knownTasks()).toEqual([]);
  });

  it('with other attributes is not the same agent: it stays down, until its checkpoint is forgotten', () => {
    const other = { ...node().info, attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: 'b' } }] };
    node().kill();
    expect(() => node().restart(other)).toThrow(AgentRecoveryError);
    expect(node().isUp).toBe(false);
    const { id } = node();
    node().renew(other);
    pass(5_000);
    expect(node().id).not.toBe(id);
    expect(last()).toMatchObject({ state: 'TASK_LOST', message: expect.stringContaining('a new agent registered') as string });
  });
});

describe('an agent that the operator', () => {
  const agentId = (): string => node().id ?? '';

  it('calls gone ends itself with its tasks, and again when it is started again', () => {
    cluster.master.operate((state, turn) => markAgentGone(state, agentId(), turn));
    pass(100);
    expect(last()?.state).toBe('TASK_GONE_BY_OPERATOR');
    expect(node().isUp).toBe(false);
    node().restart();
    pass(5_000);
    expect(node().isUp).toBe(false);
    expect(cluster.master.state.agents.size).toBe(0);
  });

  it('drains kills its tasks, saying why, and takes none meanwhile', () => {
    cluster.master.operate((state, turn) => drainAgent(state, agentId(), { maxGracePeriodMs: undefined, markGone: false }, turn));
    pass(1_000);
    pass(1_000);
    expect(last()).toMatchObject({ state: 'TASK_KILLED', reason: 'REASON_AGENT_DRAINING' });
    expect(cluster.master.state.drainingAgents.get(agentId())?.state).toBe('DRAINED');
  });

  it('drains with mark_gone: its tasks are gone, then itself', () => {
    cluster.master.operate((state, turn) => drainAgent(state, agentId(), { maxGracePeriodMs: undefined, markGone: true }, turn));
    pass(1_000);
    pass(1_000);
    expect(last()).toMatchObject({ state: 'TASK_GONE_BY_OPERATOR', reason: 'REASON_AGENT_DRAINING' });
    expect(cluster.master.state.goneAgents.has(agentId())).toBe(true);
    expect(node().isUp).toBe(false);
  });
});

describe('an agent behind a partition', () => {
  it('is unreachable after the ping timeouts, and comes back by itself when that is healed', () => {
    cluster.network.partition(node().pid);
    pass(95_000);
    expect(last()).toMatchObject({ state: 'TASK_UNREACHABLE' });
    cluster.network.heal(node().pid);
    pass(70_000);
    expect(statuses().filter(({ reason }) => reason === 'REASON_AGENT_REREGISTERED')).toHaveLength(1);
    expect(cluster.master.state.agents.size).toBe(1);
  });
});
