import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../testing/processes.js';
import { readSandbox, startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../testing/test-cluster.js';

afterEach(stopTestClusters);

const AGENT = '127.0.0.11';

const startWithTask = async (command = 'sleep 1000', info = testFramework()) => {
  const cluster = await startTestCluster({ retryIntervals: { minMs: 60_000, maxMs: 60_000 } });
  const framework = await TestFramework.subscribe(cluster.url, { info });
  const { agent_id } = await framework.launch(testTask('t', command));
  await framework.status('t', 'TASK_RUNNING');
  const { subscription } = framework;
  return {
    cluster,
    framework,
    agentId: agent_id.value,
    kill: () => cluster.faults.set({ fault: 'kill-agent', agent: AGENT }),
    restart: () => cluster.faults.set({ fault: 'return-agent', agent: AGENT }),
    types: () => subscription.events.map(({ type }) => type),
    reconciled: async () => {
      const before = framework.statuses('t').length;
      await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id }] } });
      return subscription.until('an answer', () => framework.statuses('t')[before]);
    },
  };
};

describe('an agent whose process is killed', () => {
  it('has its offers taken back at once; started again it is offered with its tasks running, and nobody is told of them', async () => {
    const { framework, kill, restart, types, agentId, reconciled } = await startWithTask();
    const rest = await framework.offer();
    await kill();
    await framework.subscription.until('RESCIND', (events) => events.find(({ rescind }) => rescind?.offer_id.value === rest.id.value));
    expect((await reconciled()).state).toBe('TASK_RUNNING');
    await restart();
    const again = await framework.offer();
    expect(again.agent_id.value).toBe(agentId);
    expect(await reconciled()).toMatchObject({ state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' });
    expect(types()).not.toContain('FAILURE');
    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect((await framework.end('t')).state).toBe('TASK_KILLED');
  });

  it('loses the tasks of a framework that checkpoints nothing, and they end', async () => {
    const { cluster, framework, kill, restart } = await startWithTask(
      'trap "echo ended; exit" TERM; echo up; while :; do sleep 0.05; done',
      testFramework({ checkpoint: false }),
    );
    await until('its start', () => readSandbox(cluster, 't', 'stdout').includes('up'));
    await kill();
    expect(await framework.status('t', 'TASK_LOST')).toMatchObject({
      reason: 'REASON_AGENT_DISCONNECTED',
      message: 'Agent 127.0.0.11 disconnected',
    });
    await restart();
    await framework.offer();
    await until('its end', () => readSandbox(cluster, 't', 'stdout').includes('ended'));
  });

  it('tells again of what was not acknowledged, though its retry would be much later', async () => {
    const cluster = await startTestCluster({ retryIntervals: { minMs: 60_000, maxMs: 60_000 } });
    const framework = await TestFramework.subscribe(cluster.url, { acknowledges: false });
    await framework.launch(testTask('t', 'sleep 1000'));
    const first = await framework.status('t', 'TASK_STARTING');
    await cluster.faults.set({ fault: 'kill-agent', agent: AGENT });
    await cluster.faults.set({ fault: 'return-agent', agent: AGENT });
    await framework.subscription.until('the same again', () =>
      framework.statuses('t').filter(({ uuid }) => uuid === first.uuid).length > 1 ? true : undefined,
    );
    await framework.acknowledge(first);
    await framework.status('t', 'TASK_RUNNING');
  });

  it('is unreachable when it does not answer pings for too long', async () => {
    const cluster = await startTestCluster({ agentPingTimeoutMs: 50, maxAgentPingTimeouts: 3 });
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    await cluster.faults.set({ fault: 'kill-agent', agent: AGENT });
    expect((await framework.status('t', 'TASK_UNREACHABLE')).message).toBe('health check timed out');
    await cluster.faults.set({ fault: 'return-agent', agent: AGENT });
    await framework.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_AGENT_REREGISTERED');
  });

  it('that stood still for too long comes back by itself when it goes on', async () => {
    const cluster = await startTestCluster({ agentPingTimeoutMs: 50, maxAgentPingTimeouts: 3 });
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    await cluster.faults.set({ fault: 'pause-agent', agent: AGENT });
    await framework.status('t', 'TASK_UNREACHABLE');
    await cluster.faults.set({ fault: 'return-agent', agent: AGENT });
    await framework.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_AGENT_REREGISTERED');
  });
});
