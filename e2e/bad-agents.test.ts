import { until } from '@streams-on-mesos/local-environment';
import { afterAll, beforeAll, expect } from 'vitest';
import { faultCase } from './harness/cases.js';
import { ClusterFaults } from './harness/cluster-faults.js';
import { openStack, type Stack } from './harness/stack.js';

const WAIT_ALLOCATED_SECS = 2;

let stack: Stack;
let faults: ClusterFaults;
beforeAll(async () => {
  stack = await openStack({ settings: { WAIT_ALLOCATED_SECS: String(WAIT_ALLOCATED_SECS), UNREACHABLE_SECS: '3' } });
  faults = new ClusterFaults(stack.addresses.mesosUrl);
});
afterAll(async () => {
  await faults?.clear();
  await stack?.close();
});

/** 20 of these fill two agents of 8 cpus, so that the third, bad one is hardly ever left out. */
const CORES = 0.8;
const MOST_ROUNDS = 8;

const allocateTwenty = async (bad: string): Promise<void> => {
  const states = (await Promise.all(Array.from({ length: 20 }, () => stack.bridge.allocate({ cores: CORES })))).flat();
  const answeredAt = Date.now() / 1000;
  expect(states.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'ALLOCATED'));
  const running = await stack.mesos.untilRunning(20);
  expect(running.filter(({ agentId }) => agentId === bad)).toEqual([]);
  for (const { id, runningSince } of running) expect(answeredAt - runningSince, id).toBeGreaterThanOrEqual(WAIT_ALLOCATED_SECS);
  await stack.bridge.release(states.map(({ descriptor }) => descriptor));
  await stack.mesos.untilRunning(0);
};

faultCase('an agent on which every command dies within a second: 20 allocations, no revoke, none reported early', async () => {
  const bad = (await faults.agents())[0]!.id;
  await faults.commandsDie(bad);
  // A round is worth something only if the bad agent was tried in it.
  const wasTried = async () => (await stack.mesos.everLaunched()).some(({ agentId }) => agentId === bad);
  for (let round = 0; round < MOST_ROUNDS && !(await wasTried()); round++) await allocateTwenty(bad);
  expect(await wasTried()).toBe(true);
  expect(await stack.bridge.notifications()).toEqual([]);
  await faults.clear();
});

faultCase('an agent lost: its Streams resource is revoked once, its scaled node replaced, and what returns is killed', async () => {
  await stack.allocation.scale(3);
  await stack.allocation.untilLive(3);
  const states = await stack.bridge.allocate({ count: 6 });
  expect(states.every(({ state }) => state === 'ALLOCATED')).toBe(true);
  const before = await stack.mesos.untilRunning(9);
  const lost = before.find(({ id }) => id.startsWith('streams_'))!.agentId;
  const lostTasks = before.filter(({ agentId }) => agentId === lost).map(({ id }) => id);
  const lostResources = lostTasks.filter((id) => id.startsWith('streams_')).length;

  await faults.loseAgent(lost);
  const revoked = await until('the revocations', 60_000, async () => {
    const told = (await stack.bridge.notifications())
      .filter(({ method }) => method === 'resourcesRevoked')
      .flatMap(({ descriptors }) => descriptors);
    return told.length >= lostResources && told;
  });
  expect(revoked).toHaveLength(lostResources);
  await stack.allocation.untilLive(3);

  await faults.returnAgent(lost);
  const after = await stack.mesos.untilRunning(9 - lostResources);
  expect(after.map(({ id }) => id).filter((id) => lostTasks.includes(id))).toEqual([]);
  await stack.bridge.call('releaseResources', { all: true });
  await stack.allocation.scale(0);
  await stack.mesos.untilRunning(0);
  expect(
    (await stack.bridge.notifications()).filter(({ method }) => method === 'resourcesRevoked').flatMap(({ descriptors }) => descriptors),
  ).toHaveLength(lostResources);
});
