import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { until } from '../testing/processes.js';
import type { LocalCluster } from './local-cluster.js';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../testing/test-cluster.js';
import { WireClient, type Answer } from '../testing/wire-client.js';
import type { LocalClusterOptions } from './options.js';

const start = (options: Partial<LocalClusterOptions> = {}) =>
  startTestCluster({ masters: 2, zk: `zk://${inject('zookeeper')}/masters-${randomUUID()}`, zkSessionTimeoutMs: 1000, ...options });

afterAll(stopTestClusters);

const leaderOf = (cluster: LocalCluster) => cluster.masters().find(({ condition }) => condition === 'leading')?.address;
const conditionOf = (cluster: LocalCluster, master: string) => cluster.masters().find(({ address }) => address === master)?.condition;
const newLeader = (cluster: LocalCluster, old: string) =>
  until('another leader', () => (leaderOf(cluster) === old ? undefined : leaderOf(cluster)));

const exchange = async (address: string, method: string, path: string, body = ''): Promise<Answer> => {
  const wire = new WireClient(`http://${address}`, 'json');
  try {
    return await wire.exchange({ method, path, headers: { 'Content-Type': 'application/json' }, body });
  } finally {
    wire.close();
  }
};

const set = (address: string, fault: object) => exchange(address, 'POST', '/local-cluster/faults', JSON.stringify(fault));
const revive = (address: string) =>
  exchange(address, 'POST', '/api/v1/scheduler', JSON.stringify({ type: 'REVIVE', framework_id: { value: 'x' } }));

const subscribeAgain = (address: string, { id }: TestFramework) =>
  TestFramework.subscribe(`http://${address}`, { info: testFramework({ id: { value: id } }) });

describe.concurrent('several masters', () => {
  it('who does not lead redirects APIs and endpoints to the same path of the leader', async () => {
    const cluster = await start();
    const leader = leaderOf(cluster) ?? '';
    const follower = cluster.masters().find(({ condition }) => condition === 'following')?.address ?? '';
    for (const [path, location] of [
      ['/api/v1/scheduler', '/master/api/v1/scheduler'],
      ['/master/api/v1/scheduler', '/master/api/v1/scheduler'],
      ['/api/v1', '/master/api/v1'],
      ['/state?jsonp=f', '/master/state?jsonp=f'],
      ['/master/slaves', '/master/slaves'],
      ['/redirect', ''],
      ['/master/redirect', ''],
    ])
      expect(await exchange(follower, 'POST', path ?? '')).toMatchObject({
        status: 307,
        body: '',
        headers: { location: `//${leader}${location}` },
      });
    expect(await exchange(follower, 'GET', '/redirect/more')).toMatchObject({ status: 404 });
    expect(await exchange(follower, 'GET', '/health')).toMatchObject({ status: 200 });
  });

  it('kill-master: another one leads when its session is over, the task runs on; it returns as another process that follows', async () => {
    const cluster = await start();
    const old = leaderOf(cluster) ?? '';
    const framework = await TestFramework.subscribe(`http://${old}`);
    await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');

    // It is killed before it can answer.
    await set(old, { fault: 'kill-master', master: 'leader' }).catch(() => undefined);
    await framework.subscription.untilClosed();
    await expect(exchange(old, 'GET', '/health')).rejects.toThrow('ECONNREFUSED');
    const leader = await newLeader(cluster, old);
    const again = await subscribeAgain(leader, framework);
    // Its agent comes back before or after it; then it knows.
    await again.offer();
    await again.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } });
    await again.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_RECONCILIATION');

    expect(JSON.parse((await exchange(leader, 'GET', '/local-cluster/faults')).body)).toEqual({
      faults: [{ fault: 'kill-master', master: old }],
    });
    expect(await set(leader, { fault: 'return-master', master: old })).toMatchObject({ status: 200 });
    await until('it follows', () => conditionOf(cluster, old) === 'following');
    expect(JSON.parse((await exchange(leader, 'GET', '/local-cluster/faults')).body)).toEqual({ faults: [] });
  });

  it('pause-master: it answers nothing; when it returns after its session it ends, and is started again', async () => {
    const cluster = await start();
    const old = leaderOf(cluster) ?? '';
    const framework = await TestFramework.subscribe(`http://${old}`);
    await cluster.faults.set({ fault: 'pause-master', master: old });
    const late = revive(old).catch(() => undefined);
    const first = await Promise.race([late.then(() => 'the paused one answered'), newLeader(cluster, old)]);
    expect(first).not.toBe('the paused one answered');
    expect(framework.subscription.isClosed).toBe(false);
    expect(await revive(first)).toMatchObject({ status: 400, body: 'Framework cannot be found' });

    void cluster.faults.set({ fault: 'return-master', master: old });
    await framework.subscription.untilClosed();
    await late;
    await until('it follows as a new process', () => conditionOf(cluster, old) === 'following');
    await (await subscribeAgain(first, framework)).offer();
  });

  it('pause-master: one that returns in time goes on leading with its subscriptions', async () => {
    const cluster = await start({ zkSessionTimeoutMs: 8000 });
    const leader = leaderOf(cluster) ?? '';
    const framework = await TestFramework.subscribe(`http://${leader}`);
    await framework.offer();
    await cluster.faults.set({ fault: 'pause-master', master: leader });
    const late = framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'none' } }] } });
    expect(conditionOf(cluster, leader)).toBe('paused');
    await cluster.faults.clear();
    expect(await late).toMatchObject({ status: 202 });
    await framework.status('none', 'TASK_UNKNOWN');
    expect(leaderOf(cluster)).toBe(leader);
  });

  it('a leader recovers only while a quorum of masters lives: 503 for its APIs until then, nothing for its agents', async () => {
    const cluster = await start({ masters: 3, registry: 'replicated_log' });
    const old = leaderOf(cluster) ?? '';
    const [next = '', last = ''] = cluster.masters().flatMap(({ address }) => (address === old ? [] : [address]));
    await cluster.faults.set({ fault: 'kill-master', master: last });
    await cluster.faults.set({ fault: 'kill-master', master: old });
    await until('it was elected', () => conditionOf(cluster, next) === 'recovering');
    const unready = { status: 503, body: 'Master has not finished recovery' };
    expect(await revive(next)).toMatchObject(unready);
    expect(await exchange(next, 'POST', '/api/v1', '{"type":"GET_HEALTH"}')).toMatchObject(unready);
    expect(await exchange(next, 'GET', '/state')).toMatchObject({ status: 200 });

    await cluster.faults.set({ fault: 'return-master', master: last });
    await until('it leads', () => conditionOf(cluster, next) === 'leading');
    expect(await revive(next)).toMatchObject({ status: 400 });
    await (await TestFramework.subscribe(`http://${next}`)).offer();
  });

  it('with a replicated registry agents that do not come back are unreachable after --agent_reregister_timeout, and not unknown before', async () => {
    const cluster = await start({ registry: 'replicated_log', quorum: 2, masters: 3, agentReregisterTimeoutMs: 1500 });
    const old = leaderOf(cluster) ?? '';
    const framework = await TestFramework.subscribe(`http://${old}`);
    const { agent_id } = await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    await cluster.faults.set({ fault: 'partition-agent', agent: agent_id.value });
    await cluster.faults.set({ fault: 'kill-master', master: old });
    const again = await subscribeAgain(await newLeader(cluster, old), framework);
    const reconcile = { tasks: [{ task_id: { value: 't' }, agent_id }] };
    await until(
      'the end of the timeout',
      () => {
        void again.call({ type: 'RECONCILE', reconcile }).catch(() => undefined);
        return again.statuses('t').length > 0;
      },
      10_000,
    );
    expect(again.statuses('t')[0]).toMatchObject({ state: 'TASK_UNREACHABLE', reason: 'REASON_RECONCILIATION' });
  });

  it('when all masters are dead, the port for faults brings them back', async () => {
    const cluster = await start({ faultsPort: 0 });
    const [one = '', two = ''] = cluster.masters().map(({ address }) => address);
    await cluster.faults.set({ fault: 'kill-master', master: one });
    await cluster.faults.set({ fault: 'kill-master', master: two });
    const faults = new URL(cluster.faultsUrl ?? '').host;
    expect(JSON.parse((await exchange(faults, 'GET', '/local-cluster/faults')).body)).toMatchObject({
      faults: [{ master: one }, { master: two }],
    });
    expect(await exchange(faults, 'DELETE', '/local-cluster/faults')).toMatchObject({ status: 200 });
    expect((await exchange(one, 'GET', '/health')).status).toBe(200);
    await until('one leads', () => leaderOf(cluster), 10_000);
  });
});
