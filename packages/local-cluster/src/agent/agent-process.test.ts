import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
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

  it('fetches again what its last process had in its cache', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.method);
      response.writeHead(200, { 'content-length': '7' }).end('content');
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const value = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
    const { framework, kill, restart } = await startWithTask();
    const fetching = (id: string) => testTask(id, { value: 'test -f file', uris: [{ value, cache: true }] });
    const downloads = (): number => asked.filter((method) => method === 'GET').length;
    await framework.launch(fetching('first'));
    expect((await framework.end('first')).state).toBe('TASK_FINISHED');
    await framework.launch(fetching('second'));
    expect((await framework.end('second')).state).toBe('TASK_FINISHED');
    expect(downloads()).toBe(1);
    await kill();
    await restart();
    const known = new Set(framework.subscription.events.flatMap(({ offers }) => offers?.offers ?? []).map(({ id }) => id.value));
    await framework.launchOn(await framework.offer(({ id }) => !known.has(id.value)), fetching('third'));
    expect((await framework.end('third')).state).toBe('TASK_FINISHED');
    expect(downloads()).toBe(2);
  });

  it('has the reservations that its last process made, and tells of what was not acknowledged', async () => {
    const { framework, kill, restart } = await startWithTask('sleep 1000', testFramework({ roles: ['team'] }));
    const offer = await framework.offer();
    const resources = [
      { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 }, reservations: [{ type: 'DYNAMIC' as const, role: 'team' }] },
    ];
    const operations = [{ type: 'RESERVE' as const, id: { value: 'r' }, reserve: { resources } }];
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } } });
    const statuses = () =>
      framework.subscription.events.flatMap(({ update_operation_status }) =>
        update_operation_status === undefined ? [] : [update_operation_status.status],
      );
    await framework.subscription.until('its status', () => statuses()[0]);
    await kill();
    const before = framework.subscription.events.length;
    await restart();
    const again = await framework.subscription.until('its status again', () => statuses()[1]);
    expect(again).toEqual(statuses()[0]);
    const reserved = await framework.subscription.until('an offer', (events) =>
      events
        .slice(before)
        .flatMap(({ offers }) => offers?.offers ?? [])
        .flatMap((one) => one.resources ?? [])
        .find(({ reservations = [] }) => reservations.some(({ role }) => role === 'team')),
    );
    expect(reserved.scalar?.value).toBe(1);
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
