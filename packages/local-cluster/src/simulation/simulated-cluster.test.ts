// Simulated agents are told from real ones by nothing that is on the wire.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, TestFramework, testTask } from '../testing/test-cluster.js';

const startSimulated = (agents = 2) => startTestCluster({ agents, simulated: true, registrationBackoffFactorMs: 1 });
const statesOf = (framework: TestFramework, task: string): string[] => framework.statuses(task).map(({ state }) => state);

describe('simulated agents', () => {
  afterEach(stopTestClusters);

  it('run what sleeps and exits, without a process or a file', async () => {
    const cluster = await startSimulated();
    const framework = await TestFramework.subscribe(cluster.url);
    const offer = await framework.launch(testTask('done', 'sleep 0.05'), testTask('failed', 'sleep 0.05; exit 3'));
    expect(offer.hostname).toMatch(/^agent-0000[12]\.simulated$/);
    expect(offer.url?.address).toMatchObject({ ip: expect.stringMatching(/^10\.0\.0\.[12]$/) as string, port: 5051 });
    expect(await framework.end('done')).toMatchObject({ state: 'TASK_FINISHED', message: 'Command exited with status 0' });
    expect(await framework.end('failed')).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 3',
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: 'failed' },
      container_status: { network_infos: [{ ip_addresses: [{ ip_address: offer.url?.address.ip }] }] },
    });
    expect(statesOf(framework, 'done')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(existsSync(join(cluster.workDir, 'slaves'))).toBe(false);
    expect(existsSync(join(cluster.workDir, 'meta'))).toBe(false);
  });

  it('kill what runs on, and tell of TASK_KILLING', async () => {
    const framework = await TestFramework.subscribe((await startSimulated()).url);
    const { agent_id } = await framework.launch(testTask('t', './server'));
    await framework.status('t', 'TASK_RUNNING');
    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id } });
    expect(await framework.end('t')).toMatchObject({ state: 'TASK_KILLED', message: 'Command terminated with signal Terminated' });
    expect(statesOf(framework, 't')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
  });

  it('end a task that takes longer than it may', async () => {
    const framework = await TestFramework.subscribe((await startSimulated()).url);
    await framework.launch(testTask('t', './server', { max_completion_time: { nanoseconds: 20_000_000 } }));
    expect(await framework.end('t')).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
  });

  it('end a group with the first that fails', async () => {
    const framework = await TestFramework.subscribe((await startSimulated()).url);
    const offer = await framework.offer();
    const resources = ['cpus', 'mem', 'disk'].map((name) => ({
      name,
      type: 'SCALAR' as const,
      scalar: { value: name === 'cpus' ? 0.1 : 32 },
    }));
    const executor = { type: 'DEFAULT' as const, executor_id: { value: 'e' }, framework_id: { value: framework.id }, resources };
    const tasks = [testTask('server', './server'), testTask('fails', 'sleep 0.05; false')].map((task) => ({
      ...task,
      agent_id: offer.agent_id,
    }));
    const operations = [{ type: 'LAUNCH_GROUP' as const, launch_group: { executor, task_group: { tasks } } }];
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations } });
    expect(await framework.end('fails')).toMatchObject({ state: 'TASK_FAILED', executor_id: { value: 'e' } });
    expect((await framework.end('server')).state).toBe('TASK_KILLED');
  });

  it('survive as checkpointed executors when their agent process dies and comes back', async () => {
    const cluster = await startTestCluster({
      agents: 1,
      simulated: true,
      registrationBackoffFactorMs: 1,
      executorReregistrationTimeoutMs: 20,
    });
    const framework = await TestFramework.subscribe(cluster.url);
    const { agent_id } = await framework.launch(testTask('t', 'sleep 0.3'));
    await framework.status('t', 'TASK_RUNNING');
    await cluster.faults.set({ fault: 'kill-agent', agent: agent_id.value });
    await cluster.faults.set({ fault: 'return-agent', agent: agent_id.value });
    expect((await framework.end('t')).state).toBe('TASK_FINISHED');
  });

  it('are as many as wanted', async () => {
    const cluster = await startSimulated(500);
    expect(new Set(cluster.agents().map(({ id }) => id)).size).toBe(500);
    const framework = await TestFramework.subscribe(cluster.url, { encoding: 'pb' });
    const offers = await framework.subscription.until('all offers', (events) => {
      const all = events.flatMap(({ offers: some }) => some?.offers ?? []);
      return all.length === 500 ? all : undefined;
    });
    expect(new Set(offers.map(({ hostname }) => hostname)).size).toBe(500);
  });

  it('have a limit, which is said', async () => {
    await expect(startSimulated(50_001)).rejects.toThrow('--agents: 50001 is not a whole number from 0 to 50000');
    await expect(startTestCluster({ agents: 61 })).rejects.toThrow('more can be --simulated');
  });
});
