import { until } from '@streams-on-mesos/local-environment';
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
  await stack.allocation.scale(6);
  await until('the first new node', 30_000, async () => (await stack.mesos.tasks()).length > 2);
  await environment.part('RabbitMQ').kill();

  await stack.allocation.scale(8); // taken while the broker is away, and carried out when it is back
  const before = (await stack.mesos.tasks()).map(({ id }) => id).sort();
  expect(before.length).toBeLessThan(8);
  await delay(OUTAGE_MS); // the length of the outage is what this case is about
  expect((await stack.mesos.tasks()).map(({ id }) => id).sort()).toEqual(before);

  await environment.restart('RabbitMQ');
  await stack.allocation.untilLive(8, 90_000);
  const after = (await stack.mesos.untilRunning(8)).map(({ id }) => id);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(stack.mesos.doubles).toEqual([]);
});
