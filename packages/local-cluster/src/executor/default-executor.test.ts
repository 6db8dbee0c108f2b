import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerInfo } from '../generated/protocol.js';
import { isAlive, until } from '../testing/processes.js';
import { aFramework, aGroupExecutor, aTask, ExecutorRoom, seconds } from './testing/executors.js';

let room: ExecutorRoom;
beforeEach(() => (room = new ExecutorRoom()));
afterEach(() => room.close());

/** Ignores SIGTERM from when it says `ready`. */
const STUBBORN = `trap '' TERM; echo ready; while true; do sleep 0.05; done`;

describe('a task group', () => {
  it('starts all its tasks before any runs, ends with its last one, and the executor with it: status 0', async () => {
    const pod = room.group(aTask('a', 'true'), aTask('b', 'sleep 0.1'));
    expect(await pod.exit()).toBe(0);
    expect(pod.statuses.slice(0, 4).map(({ task_id, state }) => `${task_id.value} ${state}`)).toEqual([
      'a TASK_STARTING',
      'b TASK_STARTING',
      'a TASK_RUNNING',
      'b TASK_RUNNING',
    ]);
    expect([pod.states('a').at(-1), pod.states('b').at(-1)]).toEqual(['TASK_FINISHED', 'TASK_FINISHED']);
  });

  it('tells of nested containers: no pid before they run, only the ids when they are gone', async () => {
    const pod = room.group(aTask('a', 'true'));
    await pod.exit();
    const [starting, running, finished] = pod.of('a').map(({ container_status }) => container_status);
    const container_id = { value: starting?.container_id?.value, parent: { value: pod.executor.containerId } };
    const network_infos = [{ ip_addresses: [{ ip_address: '127.0.0.11' }] }];
    expect(starting).toEqual({ container_id, network_infos });
    expect(running).toEqual({ container_id, network_infos, executor_pid: expect.any(Number) });
    expect(finished).toEqual({ container_id });
    expect(pod.of('a')[2]).toMatchObject({
      executor_id: { value: 'pod' },
      message: 'Command exited with status 0',
      source: 'SOURCE_EXECUTOR',
    });
  });

  it('has a sandbox for each task below that of its executor, by its name as well', async () => {
    const pod = room.group(aTask('a', 'pwd; echo mine > file'));
    await pod.exit();
    const container = pod.of('a')[0]?.container_status?.container_id?.value ?? '';
    expect(pod.file('tasks/a/stdout')).toMatch(`/runs/${pod.executor.containerId}/containers/${container}\n`);
    expect(pod.file('tasks/a/file')).toBe('mine\n');
  });

  it('gives tasks an environment without anything of the executor', async () => {
    const variables = [{ name: 'OWN', value: 'x' }];
    const pod = room.group(aTask('a', { value: 'env', environment: { variables } }));
    await pod.exit();
    const lines = pod.file('tasks/a/stdout').trim().split('\n');
    const names = lines.map((line) => line.split('=', 1)[0] ?? '').filter((name) => !['PWD', 'OLDPWD', '_', 'SHLVL'].includes(name));
    expect(names.sort()).toEqual(['MESOS_ALLOCATION_ROLE', 'MESOS_CONTAINER_IP', 'MESOS_SANDBOX', 'OWN', 'PATH']);
  });

  it('takes the others along when one fails', async () => {
    const pod = room.group(aTask('a', 'exit 3'), aTask('b', 'sleep 1000'));
    expect(await pod.exit()).toBe(0);
    expect(pod.of('a').at(-1)).toMatchObject({ state: 'TASK_FAILED', message: 'Command exited with status 3' });
    expect(pod.states('b')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
    expect(pod.of('b').at(-1)?.message).toBe('Command terminated with signal Terminated');
  });

  it('lets them be when one finishes', async () => {
    const pod = room.group(aTask('a', 'true'), aTask('b', 'sleep 0.3'));
    await pod.exit();
    expect(pod.states('b')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('is killed by the kill of one of it; those that ignore that after their grace period', async () => {
    const pod = room.group(aTask('a', STUBBORN), aTask('b', 'sleep 1000'));
    await until('the trap is set', () => pod.file('tasks/a/stdout').includes('ready'));
    await pod.until('b', 'TASK_RUNNING');
    const askedAt = Date.now();
    pod.executor.kill('a', { grace_period: seconds(0.3) });
    pod.executor.kill('a', { grace_period: seconds(0) });
    expect(await pod.end('a')).toMatchObject({ state: 'TASK_KILLED', message: 'Command terminated with signal Killed' });
    // A second kill is ignored, it does not shorten.
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(299);
    expect((await pod.end('b')).state).toBe('TASK_KILLED');
    expect(await pod.exit()).toBe(0);
  });

  it('ends a task that runs too long: SIGKILL at once, no TASK_KILLING', async () => {
    const pod = room.group(aTask('a', STUBBORN, { max_completion_time: seconds(0.2) }));
    expect(await pod.end('a')).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    expect(pod.states('a')).not.toContain('TASK_KILLING');
  });

  it.each([
    [{ type: 'DOCKER' }, 'The provided ContainerInfo is not supported'],
    [{ type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'alpine' } } } }, 'Unsupported container image type: DOCKER'],
    [{ type: 'MESOS', network_infos: [{ name: 'net' }] }, `Unknown CNI network 'net'`],
  ] satisfies [ContainerInfo, string][])('fails when a container can not be launched: %j', async (container, message) => {
    const pod = room.group(aTask('a', 'true', { container }), aTask('b', 'sleep 1000'));
    expect(await pod.end('a')).toMatchObject({ state: 'TASK_FAILED', message });
    expect(pod.states('a')).toEqual(['TASK_STARTING', 'TASK_FAILED']);
    expect((await pod.end('b')).state).toBe('TASK_KILLED');
  });

  it('fails when a URI can not be fetched: its container is killed', async () => {
    const pod = room.group(aTask('a', { value: 'true', uris: [{ value: '/no/such/file' }] }));
    expect(await pod.end('a')).toMatchObject({ state: 'TASK_FAILED', message: 'Command terminated with signal Killed' });
    expect(pod.states('a')).toEqual(['TASK_STARTING', 'TASK_FAILED']);
  });
});

describe('an executor of several groups', () => {
  it('kills only the group of the task that failed, and ends after the last', async () => {
    const pod = room.group(aTask('a', 'sleep 1000'));
    await pod.until('a', 'TASK_RUNNING');
    pod.executor.launch([aTask('b', 'exit 1'), aTask('c', 'sleep 1000')]);
    expect((await pod.end('c')).state).toBe('TASK_KILLED');
    expect(pod.states('a')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    pod.executor.kill('a', undefined);
    expect(await pod.exit()).toBe(0);
  });

  it('kills all its tasks when it is shut down, and tells of it', async () => {
    const pod = room.group(aTask('a', 'sleep 1000'));
    pod.executor.launch([aTask('b', 'sleep 1000')]);
    await Promise.all([pod.until('a', 'TASK_RUNNING'), pod.until('b', 'TASK_RUNNING')]);
    pod.executor.shutdown();
    expect(await pod.exit()).toBe(0);
    expect([pod.states('a').at(-1), pod.states('b').at(-1)]).toEqual(['TASK_KILLED', 'TASK_KILLED']);
  });

  it('is destroyed when its own time to shut down is over', async () => {
    const pod = room.start([aTask('a', STUBBORN)], { executor: aGroupExecutor({ shutdown_grace_period: seconds(0.2) }) });
    await until('the trap is set', () => pod.file('tasks/a/stdout').includes('ready'));
    await pod.until('a', 'TASK_RUNNING');
    pod.executor.shutdown();
    expect(await pod.exit()).toBe(9);
    expect(pod.of('a').at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminated',
      source: 'SOURCE_AGENT',
    });
  });

  it('is destroyed without a word', async () => {
    const pod = room.group(aTask('a', 'echo $$; exec sleep 1000'));
    const pid = await until('its pid', () => Number(pod.file('tasks/a/stdout')) || undefined);
    await pod.until('a', 'TASK_RUNNING');
    pod.executor.destroy();
    expect(await pod.exit()).toBe(9);
    expect(isAlive(pid)).toBe(false);
    expect(pod.states('a')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('is killed before its executor registered: the whole group', async () => {
    const pod = room.group(aTask('a', 'true'), aTask('b', 'true'));
    pod.executor.kill('b', undefined);
    await pod.exit();
    for (const id of ['a', 'b'])
      expect(pod.of(id)).toEqual([
        {
          task_id: { value: id },
          state: 'TASK_KILLED',
          reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
          message: 'A task within the task group was killed before delivery to the executor',
          source: 'SOURCE_AGENT',
          executor_id: { value: 'pod' },
        },
      ]);
  });
});

describe('while the process of its agent is gone', () => {
  it('nobody learns that a task ended, nor is its group killed, before the agent is back', async () => {
    const pod = room.group(aTask('a', 'echo $$; until [ -f end ]; do sleep 0.02; done; exit 1'), aTask('b', 'echo $$; exec sleep 1000'));
    const [a, b] = await until('both run', () => {
      const pids = ['a', 'b'].map((id) => Number(pod.file(`tasks/${id}/stdout`)));
      return pids.every((pid) => pid > 0) ? pids : undefined;
    });
    await pod.until('b', 'TASK_RUNNING');
    pod.executor.connect(undefined);
    room.touch(pod, 'tasks/a/end');
    await until('a has ended', () => !isAlive(a ?? 0));
    expect(isAlive(b ?? 0)).toBe(true);
    expect(pod.statuses).toHaveLength(4);
    pod.executor.connect(pod);
    expect((await pod.end('a')).state).toBe('TASK_FAILED');
    expect((await pod.end('b')).state).toBe('TASK_KILLED');
    expect(await pod.exit()).toBe(0);
  });

  it('it ends when the agent does not come back in time, at once when its framework has no checkpoint', async () => {
    const late = room.start([aTask('a', 'sleep 1000')], { executor: aGroupExecutor(), context: { recoveryTimeoutMs: 100 } });
    const forgotten = room.start([aTask('a', 'sleep 1000')], {
      executor: aGroupExecutor({ executor_id: { value: 'other' } }),
      framework: aFramework({ checkpoint: false }),
    });
    for (const pod of [late, forgotten]) {
      await pod.until('a', 'TASK_RUNNING');
      pod.executor.connect(undefined);
    }
    await Promise.all([late.executor.finished, forgotten.executor.finished]);
  });
});
