import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStack, type Stack } from './harness/stack.js';

const OUTAGE_MS = 30_000;

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack?.close());

it('RabbitMQ away for 30 s amid scaling: nothing moves, then all completes', async () => {
  await stack.allocation.scale(2);
  await stack.allocation.untilLive(2);
  const environment = await stack.environment();
  await environment.part('RabbitMQ').stop();

  await stack.allocation.scale(6);
  const before = (await stack.mesos.running()).map(({ id }) => id).sort();
  await delay(OUTAGE_MS); // the length of the outage is what this case is about
  expect((await stack.mesos.tasks()).map(({ id }) => id).sort()).toEqual(before);
  expect(await stack.allocation.runtime()).toEqual({ num_of_node: 6, num_of_live_node: 2 });

  await environment.restart('RabbitMQ');
  await stack.allocation.untilLive(6, 90_000);
  const after = (await stack.mesos.untilRunning(6)).map(({ id }) => id);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(stack.mesos.doubles).toEqual([]);
});
