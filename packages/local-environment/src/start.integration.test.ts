import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claim, endOwner } from './run-directory.js';
import { openRun, processesOfRun, startEnvironment, startPart, until } from './index.js';
import { launch, PART_MARKER, RUN_MARKER } from './processes.js';

const path = mkdtempSync(join(tmpdir(), 'streams-on-mesos-'));
const run = openRun(path);
beforeEach(() => void mkdirSync(path, { recursive: true }));
afterEach(async () => {
  await run.sweep();
  rmSync(path, { recursive: true, force: true });
});

it('a start that is given up ends what it has started', async () => {
  const stopping = new AbortController();
  const starting = startEnvironment({
    run,
    agents: 0,
    wellKnownPorts: false,
    parts: ['ZooKeeper', 'RabbitMQ'],
    signal: stopping.signal,
    onProgress: (line) => line.startsWith('ZooKeeper') && stopping.abort(new Error('stopped by SIGINT')),
  });
  await expect(starting).rejects.toThrow('stopped by SIGINT');
  expect(processesOfRun(path)).toEqual([]);
});

it('a part is started in the place of what a killed command had begun to start', async () => {
  const spec = { command: 'sleep', args: ['60'], cwd: tmpdir(), logFile: join(path, 'log') };
  launch({ ...spec, env: { [RUN_MARKER]: path, [PART_MARKER]: 'sleeper' } });
  launch({ ...spec, env: { [RUN_MARKER]: path, [PART_MARKER]: 'other' } });
  await until('both', 5_000, () => processesOfRun(path).length === 2);
  const limits = { readyWithinMs: 5_000, stopWithinMs: 5_000, isReady: () => Promise.resolve(true) };
  const part = await startPart({ name: 'sleeper', runDirectory: path, launch: { ...spec, env: {} }, ...limits });
  expect(processesOfRun(path, 'sleeper').map(({ pid }) => pid)).toEqual([part.process.pid]);
  expect(processesOfRun(path, 'other')).toHaveLength(1);
});

it('a run is claimed by one command at a time', async () => {
  const release = claim(run);
  expect(() => claim(run)).toThrow(`another command (pid ${process.pid}) is just starting this environment`);
  await endOwner(run);
  release();
  claim(run)();
});
