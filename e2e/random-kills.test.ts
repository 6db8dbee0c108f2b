import { until } from '@streams-on-mesos/local-environment';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Requester } from './harness/requester.js';
import { serviceNames } from './harness/service-process.js';
import { openStack, type Stack } from './harness/stack.js';

/** Another storm: RANDOM_KILLS_SEED=7 npx vitest run --project e2e e2e/random-kills.test.ts */
const seed = Number(process.env['RANDOM_KILLS_SEED'] ?? 1);
const STORM_MS = 40_000;
const NODES = 3;

/** The same sequence for the same seed (a linear congruential generator); what happens in between is up to the machine. */
const randomOf = (first: number): ((end: number) => number) => {
  let state = first >>> 0;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
};

let stack: Stack;
const over = new AbortController();
beforeAll(async () => {
  const settings = { WAIT_FLEXIBLE_SECS: '1', WAIT_ALLOCATED_SECS: '1', ZOOKEEPER_SESSION_TIMEOUT_SECS: '3' };
  stack = await openStack({ settings });
});
afterAll(() => {
  over.abort();
  return stack?.close();
});

/** A service, and once the broker, dies without a word and comes back. */
const killNow = async (victim: number, isBrokersTurn: boolean): Promise<void> => {
  if (isBrokersTurn) {
    const environment = await stack.environment();
    await environment.part('RabbitMQ').kill();
    await environment.restart('RabbitMQ');
    return;
  }
  const service = stack.services[serviceNames[victim] ?? 'offer-service'];
  await service.kill();
  await service.launch();
};

const killAround = async (end: number): Promise<number> => {
  const random = randomOf(seed);
  let kills = 0;
  for (; Date.now() < end; kills += 1) {
    await delay(500 + random(2_500));
    await killNow(random(serviceNames.length), kills === 4);
  }
  return kills;
};

const askAround = async (requester: Requester, end: number): Promise<void> => {
  const random = randomOf(seed + 1);
  while (Date.now() < end) {
    const what = random(10);
    if (what < 4 && requester.held.size < 6) await requester.allocate(1 + random(2));
    else if (what < 6 && requester.held.size > 0) await requester.giveBack([...requester.held.values()].slice(0, 1 + random(2)));
    // An answer that did not come is none: what is wanted in the end is said again in the end.
    else if (what < 8) await stack.allocation.scale(random(5)).catch(() => undefined);
    else await requester.readNotifications();
    await delay(random(800));
  }
};

const liveOf = async (id: string): Promise<string[]> =>
  (await stack.mesos.running()).map((task) => task.id).filter((taskId) => taskId.replace(/_\d+$/, '').endsWith(id));

it('whatever dies whenever: nothing is launched twice, nothing is lost, nothing is left over, nobody is told two things', async () => {
  const requester = new Requester(stack.bridge, over.signal);
  const end = Date.now() + STORM_MS;
  const [kills] = await Promise.all([killAround(end), askAround(requester, end)]);
  expect(kills).toBeGreaterThan(5);

  await until('the wanted nodes are said', 60_000, () => stack.allocation.scale(NODES).then(() => true));
  await stack.allocation.untilLive(NODES, 90_000);
  await until('everything that is held is allocated', 60_000, async () => {
    await requester.readNotifications();
    return [...requester.held.keys()].every((id) => requester.allocated.has(id));
  });
  for (const id of requester.held.keys()) expect(await liveOf(id), id).toHaveLength(1);
  const tasks = (await stack.mesos.untilRunning(NODES + requester.held.size)).map(({ id }) => id).sort();
  const owned = (await stack.allocation.resources()).filter(({ state }) => state === 'RUNNING').map(({ task_id }) => task_id);
  expect(owned.sort()).toEqual(tasks);

  const held = [...requester.held.values()];
  if (held.length > 0) await requester.giveBack(held);
  await stack.mesos.untilRunning(NODES);
  await requester.readNotifications();
  const clients = (await stack.allocation.resources()).filter(({ owner }) => owner !== 'scaling');
  expect(clients.filter(({ state }) => !['STOPPED', 'CANCELLED'].includes(state))).toEqual([]);
  expect(clients.filter(({ id }) => requester.allocated.has(id)).map(({ request_state }) => request_state)).toEqual(
    clients.filter(({ id }) => requester.allocated.has(id)).map(() => 'RELEASED'),
  );
  // No task of theirs has ended unasked, so nothing may have been taken from anybody.
  expect(requester.revoked).toEqual([]);
  expect(requester.contradictions).toEqual([]);
  expect(stack.mesos.doubles).toEqual([]);
});
