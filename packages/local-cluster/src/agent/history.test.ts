import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentRecord, MasterState } from '../master/domain/master-state.js';
import { holdsNothing, isTerminal } from '../master/domain/task.js';
import { add, isSame, type Resources } from '../resources/resources.js';
import { seeded, SimulatedCluster } from './testing/simulated-cluster.js';

const SEEDS = 12;
const STEPS = 200;
const AGENTS = 4;
const SETTINGS = { agentPingTimeoutMs: 5_000, maxAgentPingTimeouts: 3, agentReregisterTimeoutMs: 60_000 };
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({
    now: 1_000_000_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'Date', 'performance'],
  });
});
afterEach(() => vi.useRealTimers());

const heldOf = (agent: AgentRecord): Resources =>
  [
    ...agent.offers.values(),
    ...[...agent.tasks.values()].filter(({ state }) => !holdsNothing(state)),
    ...agent.executors.values(),
  ].reduce<Resources>((sum, { resources }) => add(sum, resources), agent.available);

const check = (master: MasterState): void => {
  const owners = new Map<string, string>();
  for (const agent of master.agents.values()) {
    expect(isSame(heldOf(agent), agent.total), `resources of ${agent.id}`).toBe(true);
    expect(agent.active && !agent.connected, `${agent.id} is active without a connection`).toBe(false);
    if (!agent.active) expect(agent.offers.size, `offers of ${agent.id}`).toBe(0);
    for (const { id } of agent.tasks.values()) {
      expect(owners.get(id), `${id} is on ${agent.id}, too`).toBeUndefined();
      owners.set(id, agent.id);
    }
  }
  for (const { id } of master.offers.values()) expect([...master.agents.values()].some(({ offers }) => offers.has(id))).toBe(true);
  for (const framework of master.frameworks.values()) {
    expect([...framework.tasks.keys()].sort()).toEqual([...owners.keys()].sort());
    for (const id of framework.unreachableTasks.keys()) expect(framework.tasks.has(id), `${id} is unreachable and not`).toBe(false);
  }
};

const chooser = (random: () => number) => ({
  below: (count: number): number => Math.floor(random() * count),
  one: <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)],
});

type Step = (cluster: SimulatedCluster, choose: ReturnType<typeof chooser>) => void;

const steps: readonly (readonly [weight: number, step: Step])[] = [
  [8, (cluster, { below }) => void cluster.launch(below(3) === 0 ? `sleep ${below(40)}` : 'sleep 100000')],
  [6, (cluster) => cluster.acknowledgeAll()],
  [
    2,
    (cluster, { one }) => cluster.kill(one([...(cluster.master.state.frameworks.get(cluster.frameworkId)?.tasks.keys() ?? [])]) ?? 'none'),
  ],
  [1, (cluster) => cluster.call({ type: 'RECONCILE', reconcile: { tasks: [] } })],
  [1, (cluster) => cluster.call({ type: 'REVIVE' })],
  [2, ({ agents }, { one }) => one(agents)?.kill()],
  [3, ({ agents }, { one }) => one(agents.filter(({ isUp }) => !isUp))?.restart()],
  [1, ({ agents }, { one }) => one(agents)?.pause()],
  [2, ({ agents }, { one }) => one(agents)?.resume()],
  [2, ({ agents, network }, { one }) => network.partition(one(agents)?.pid ?? '')],
  [3, ({ agents, network }, { one }) => void network.heal(one(agents)?.pid ?? '')],
  [1, ({ agents, network }, { one }) => network.disturb(one(agents)?.pid ?? '', 'status-update', { type: 'double' })],
  [1, ({ agents, network }, { one }) => network.disturb(one(agents)?.pid ?? '', 'status-update', { type: 'drop' })],
  [1, ({ agents, network }, { one, below }) => network.disturb(one(agents)?.pid ?? '', '*', { type: 'delay', ms: below(5_000) })],
  [2, ({ agents, network }, { one }) => void network.mend(one(agents)?.pid ?? '')],
];
const bag = steps.flatMap(([weight, step]) => Array.from({ length: weight }, () => step));

const mend = ({ agents, network }: SimulatedCluster): void => {
  for (const agent of agents) {
    network.heal(agent.pid);
    network.mend(agent.pid);
    if (!agent.isUp) agent.restart();
    agent.resume();
  }
};

describe('a master and its agents through any history', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => ({ seed, checkpoint: seed % 3 !== 0 })))(
    'seed $seed, checkpoint $checkpoint: nothing is counted twice or lost, and every end is acknowledged at last',
    ({ seed, checkpoint }) => {
      const random = seeded(seed + 1);
      const cluster = new SimulatedCluster(random, AGENTS, SETTINGS, { checkpoint });
      const choose = chooser(random);
      for (let step = 0; step < STEPS; step += 1) {
        choose.one(bag)?.(cluster, choose);
        vi.advanceTimersByTime(choose.below(4) === 0 ? choose.below(12_000) : choose.below(800));
        check(cluster.master.state);
      }
      mend(cluster);
      for (let round = 0; round < 20; round += 1) {
        vi.advanceTimersByTime(HOUR_MS / 10);
        cluster.acknowledgeAll();
        check(cluster.master.state);
      }
      vi.advanceTimersByTime(1_000);
      const { master } = cluster;
      const framework = master.state.frameworks.get(cluster.frameworkId);
      expect(master.state.agents.size).toBe(AGENTS);
      expect([...(framework?.tasks.values() ?? [])].filter(({ state }) => isTerminal(state)).map(({ id }) => id)).toEqual([]);
      const onAgents = cluster.agents.flatMap((agent) => agent.knownTasks());
      const atMaster = [...(framework?.tasks.keys() ?? [])];
      // Of a framework without checkpoints Mesos gives up the tasks with the connection, though the agent may still run them.
      if (checkpoint) expect(onAgents.sort()).toEqual(atMaster.sort());
      else expect(onAgents).toEqual(expect.arrayContaining(atMaster));
      cluster.stop();
    },
  );
});
