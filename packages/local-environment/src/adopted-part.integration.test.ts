import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openRun, processesOfRun, startEnvironment, stopRun } from './index.js';

const path = mkdtempSync(join(tmpdir(), 'streams-on-mesos-'));
const run = openRun(path);
afterEach(async () => {
  await stopRun(run);
  rmSync(path, { recursive: true, force: true });
});

it('a broker that another command started is stopped with all that belongs to it, started again, and killed', async () => {
  const options = { run, agents: 0, wellKnownPorts: false, parts: ['RabbitMQ'] as const };
  await startEnvironment(options);
  const found = await startEnvironment(options);
  await found.part('RabbitMQ').stop();
  expect(processesOfRun(path)).toEqual([]);
  await found.restart('RabbitMQ');
  expect(processesOfRun(path).length).toBeGreaterThan(0);
  await found.part('RabbitMQ').kill();
  expect(processesOfRun(path)).toEqual([]);
});
