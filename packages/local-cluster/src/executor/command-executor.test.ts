import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ContainerInfo } from '../generated/protocol.js';
import { isAlive, until } from '../testing/processes.js';
import { aFramework, aTask, ExecutorRoom, seconds } from './testing/executors.js';

let room: ExecutorRoom;
beforeEach(() => (room = new ExecutorRoom()));
afterEach(() => room.close());

const STUBBORN = `trap '' TERM; echo ready; while true; do sleep 0.05; done`;

describe('a command executor', () => {
  it('says STARTING, RUNNING and how its command ended, each with its container', async () => {
    const run = room.start([aTask('t', 'exit 3')]);
    expect(await run.exit()).toBe(0);
    expect(run.states('t')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
    for (const status of run.of('t'))
      expect(status).toMatchObject({
        source: 'SOURCE_EXECUTOR',
        executor_id: { value: 't' },
        container_status: { container_id: { value: run.executor.containerId }, executor_pid: expect.any(Number) },
      });
  });

  it('kills at once what runs too long, whatever the kill policy, and says why', async () => {
    const policy = { kill_policy: { grace_period: seconds(60) } };
    const run = room.start([aTask('t', STUBBORN, { ...policy, max_completion_time: seconds(0.2) })]);
    expect(await run.end('t')).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    expect(run.states('t')).not.toContain('TASK_KILLING');
  });

  it('lets a second kill only shorten the grace period', async () => {
    const run = room.start([aTask('t', STUBBORN)]);
    await until('the trap is set', () => run.file('stdout').includes('ready'));
    await run.until('t', 'TASK_RUNNING');
    const askedAt = Date.now();
    run.executor.kill('t', { grace_period: seconds(0.3) });
    run.executor.kill('t', { grace_period: seconds(60) });
    await run.end('t');
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(299);
    expect(run.states('t').filter((state) => state === 'TASK_KILLING')).toHaveLength(1);
  });

  it('says KILLING only to frameworks that know it', async () => {
    const run = room.start([aTask('t', 'sleep 1000')], { framework: aFramework({ capabilities: [] }) });
    await run.until('t', 'TASK_RUNNING');
    run.executor.kill('t', undefined);
    await run.end('t');
    expect(run.states('t')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']);
  });

  it('tells of the kill when it is shut down, and ends', async () => {
    const run = room.start([aTask('t', 'sleep 1000')]);
    await run.until('t', 'TASK_RUNNING');
    run.executor.shutdown();
    expect(await run.exit()).toBe(0);
    expect(run.states('t').slice(2)).toEqual(['TASK_KILLING', 'TASK_KILLED']);
  });
});

describe('a container that an agent does not have', () => {
  it.each([
    [{ type: 'DOCKER' }, 'REASON_EXECUTOR_TERMINATED', 'Abnormal executor termination: unknown container'],
    [
      { type: 'MESOS', mesos: { image: { type: 'APPC', appc: { name: 'a' } } } },
      'REASON_CONTAINER_LAUNCH_FAILED',
      'Failed to launch container: Unsupported container image type: APPC',
    ],
    [
      { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'here', host_path: '/tmp' }] },
      'REASON_CONTAINER_LAUNCH_FAILED',
      'Failed to launch container: Volumes in ContainerInfo is not supported',
    ],
  ] satisfies [ContainerInfo, string, string][])('%j', async (container, reason, message) => {
    const run = room.start([aTask('t', 'true', { container })]);
    await run.exit();
    expect(run.of('t')).toEqual([
      { task_id: { value: 't' }, state: 'TASK_FAILED', reason, message, source: 'SOURCE_AGENT', executor_id: { value: 't' } },
    ]);
  });

  it('one of type MESOS without any of that is a plain one', async () => {
    const run = room.start([aTask('t', 'true', { container: { type: 'MESOS' } })]);
    expect((await run.end('t')).state).toBe('TASK_FINISHED');
  });
});

describe('a container that takes too long to launch', () => {
  it('is destroyed after the registration timeout, its fetcher with it', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow`;
    const run = room.start([aTask('t', { value: 'true', uris: [{ value: uri }] })], { context: { registrationTimeoutMs: 100 } });
    await run.exit();
    server.closeAllConnections();
    server.close();
    const failure = `Failed to fetch all URIs for container '${run.executor.containerId}': terminated with signal Killed`;
    expect(run.of('t')).toEqual([
      {
        task_id: { value: 't' },
        state: 'TASK_FAILED',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: `Failed to launch container: ${failure}`,
        source: 'SOURCE_AGENT',
        executor_id: { value: 't' },
      },
    ]);
  });
});

describe('while the process of its agent is gone', () => {
  it('a task runs on, and what was not told is told to the next one', async () => {
    const run = room.start([aTask('t', 'echo runs; until [ -f end ]; do sleep 0.02; done')]);
    run.executor.connect(undefined);
    await until('it runs', () => run.file('stdout') === 'runs\n');
    expect(run.statuses).toEqual([]);
    run.executor.connect(run);
    await run.until('t', 'TASK_RUNNING');
    room.touch(run, 'end');
    expect((await run.end('t')).state).toBe('TASK_FINISHED');
  });

  it('a task that ends is unknown a second later: only that its executor is gone can be told', async () => {
    const run = room.start([aTask('t', 'echo $$; until [ -f end ]; do sleep 0.02; done')]);
    const pid = await until('its pid', () => Number(run.file('stdout')) || undefined);
    await run.until('t', 'TASK_RUNNING');
    run.executor.connect(undefined);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    room.touch(run, 'end');
    await run.executor.finished;
    expect(isAlive(pid)).toBe(false);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    run.executor.connect(run);
    await run.exit();
    expect(run.of('t').slice(2)).toEqual([
      {
        task_id: { value: 't' },
        state: 'TASK_FAILED',
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor terminated',
        source: 'SOURCE_AGENT',
        executor_id: { value: 't' },
      },
    ]);
  });

  it('it ends at once when its framework has no checkpoint', async () => {
    const run = room.start([aTask('t', 'sleep 1000')], { framework: aFramework({ checkpoint: false }) });
    await run.until('t', 'TASK_RUNNING');
    run.executor.connect(undefined);
    await run.executor.finished;
  });
});
