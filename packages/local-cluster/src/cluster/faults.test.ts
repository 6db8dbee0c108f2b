import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultError, parseFaultRequest } from './fault-request.js';
import { until } from '../testing/processes.js';
import { readSandbox, startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../testing/test-cluster.js';

afterEach(stopTestClusters);

describe('faults', () => {
  it('commands-die: on the chosen agent every command is killed within a second, and counts as failed', async () => {
    const cluster = await startTestCluster({ agents: 2 });
    const framework = await TestFramework.subscribe(cluster.url);
    cluster.faults.set({ fault: 'commands-die', agent: '127.0.0.11' });
    await framework.launchOn(await framework.offer(({ hostname }) => hostname === '127.0.0.11'), testTask('dies', 'sleep 1000'));
    await framework.launchOn(await framework.offer(({ hostname }) => hostname === '127.0.0.12'), testTask('lives', 'sleep 1000'));
    expect(await framework.end('dies')).toMatchObject({ state: 'TASK_FAILED', message: 'Command terminated with signal Killed' });
    expect(framework.statuses('lives').map(({ state }) => state)).not.toContain('TASK_FAILED');

    cluster.faults.clear();
    await framework.launchOn(await framework.offer(({ hostname }) => hostname === '127.0.0.11'), testTask('lives-again', 'sleep 0.6'));
    expect((await framework.end('lives-again')).state).toBe('TASK_FINISHED');
  });

  it('lose-agent, return-agent: unreachable, offers rescinded, and its tasks come back running', async () => {
    const cluster = await startTestCluster({ agents: 1 });
    const framework = await TestFramework.subscribe(cluster.url);
    const { agent_id } = await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    const rest = await framework.offer();

    cluster.faults.set({ fault: 'lose-agent', agent: agent_id.value });
    expect(await framework.status('t', 'TASK_UNREACHABLE')).toMatchObject({ source: 'SOURCE_MASTER', reason: 'REASON_AGENT_REMOVED' });
    const { events } = framework.subscription;
    expect(events.find(({ rescind }) => rescind)?.rescind?.offer_id).toEqual(rest.id);
    expect(events.find(({ failure }) => failure)?.failure).toEqual({ agent_id });
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id }] } });
    await framework.status('t', ({ state, reason }) => state === 'TASK_UNREACHABLE' && reason === 'REASON_RECONCILIATION');

    cluster.faults.set({ fault: 'return-agent', agent: agent_id.value });
    await framework.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_AGENT_REREGISTERED');
    expect((await framework.offer()).agent_id).toEqual(agent_id);
  });

  it('a task that ended while its agent was lost is told of when the agent returns', async () => {
    const cluster = await startTestCluster({ agents: 1, retryIntervals: { minMs: 60_000, maxMs: 60_000 } });
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'pwd; while [ ! -e end ]; do sleep 0.05; done; echo done'));
    await framework.status('t', 'TASK_RUNNING');
    cluster.faults.set({ fault: 'lose-agent', agent: '127.0.0.11' });
    await framework.status('t', 'TASK_UNREACHABLE');
    await until('its sandbox', () => readSandbox(cluster, 't', 'stdout') !== '');
    writeFileSync(join(readSandbox(cluster, 't', 'stdout').trim(), 'end'), '');
    await until('its end', () => readSandbox(cluster, 't', 'stdout').endsWith('done\n'));
    cluster.faults.set({ fault: 'return-agent', agent: '127.0.0.11' });
    await framework.status('t', ({ state, source }) => state === 'TASK_FINISHED' && source === 'SOURCE_EXECUTOR');
  });

  it('withhold-offers: nothing is offered until cleared', async () => {
    const cluster = await startTestCluster({ allocationIntervalMs: 50 });
    cluster.faults.set({ fault: 'withhold-offers' });
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.call({ type: 'REVIVE' });
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'none' } }] } });
    await framework.status('none', 'TASK_UNKNOWN');
    expect(framework.subscription.events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT', 'UPDATE']);
    cluster.faults.clear();
    await framework.offer();
  });

  it('hold-updates: the task runs, nobody hears of it until cleared', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    cluster.faults.set({ fault: 'hold-updates' });
    await framework.launch(testTask('t', 'echo done'));
    await until('its end', () => readSandbox(cluster, 't', 'stdout') === 'done\n');
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } });
    await framework.status('t', ({ reason }) => reason === 'REASON_RECONCILIATION');
    expect(framework.statuses('t').map(({ state }) => state)).toEqual(['TASK_STAGING']);
    cluster.faults.clear();
    expect((await framework.end('t')).state).toBe('TASK_FINISHED');
  });

  it('cut-stream: the connection breaks, the framework may come back with its id', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    cluster.faults.set({ fault: 'cut-stream', framework: framework.id });
    await framework.subscription.untilClosed();
    expect(framework.subscription.events.map(({ type }) => type)).not.toContain('ERROR');
    const again = await TestFramework.subscribe(cluster.url, { info: testFramework({ id: { value: framework.id } }) });
    await again.call({ type: 'RECONCILE', reconcile: {} });
    await again.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_RECONCILIATION');
  });

  it('partition-agent: the master finds out by its pings', async () => {
    const cluster = await startTestCluster({ agentPingTimeoutMs: 50, maxAgentPingTimeouts: 2 });
    const framework = await TestFramework.subscribe(cluster.url);
    const { agent_id } = await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    void cluster.faults.set({ fault: 'partition-agent', agent: agent_id.value });
    expect((await framework.status('t', 'TASK_UNREACHABLE')).message).toBe('health check timed out');
    void cluster.faults.set({ fault: 'return-agent', agent: agent_id.value });
    await framework.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_AGENT_REREGISTERED');
  });

  it('kill-agent, return-agent: its process dies, the task lives, and the agent comes back with it', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'while [ ! -e end ]; do sleep 0.05; done'));
    await framework.status('t', 'TASK_RUNNING');
    const [before] = cluster.agents();
    void cluster.faults.set({ fault: 'kill-agent', agent: '127.0.0.11' });
    expect(cluster.faults.inForce()).toEqual([expect.objectContaining({ fault: 'kill-agent', agent: before?.id })]);
    void cluster.faults.set({ fault: 'return-agent', agent: '127.0.0.11' });
    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect((await framework.end('t')).agent_id?.value).toBe(before?.id);
  });

  it('renew-agent: another agent takes its place, also of one that was paused; the tasks of the old one are lost', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    const { agent_id } = await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    void cluster.faults.set({ fault: 'pause-agent', agent: '127.0.0.11' });
    await cluster.faults.set({ fault: 'renew-agent', agent: '127.0.0.11' });
    expect(await framework.end('t')).toMatchObject({ state: 'TASK_LOST', agent_id });
    const other = await framework.offer((offer) => offer.agent_id.value !== agent_id.value);
    expect(cluster.agents()).toEqual([{ id: other.agent_id.value, hostname: '127.0.0.11' }]);
    expect(cluster.faults.inForce()).toEqual([]);
  });

  it('rescind-offers: of one agent, or of all', async () => {
    const cluster = await startTestCluster({ agents: 2 });
    const framework = await TestFramework.subscribe(cluster.url);
    const one = await framework.offer(({ hostname }) => hostname === '127.0.0.11');
    const two = await framework.offer(({ hostname }) => hostname === '127.0.0.12');
    const rescinded = () => framework.subscription.events.flatMap(({ rescind }) => (rescind === undefined ? [] : [rescind.offer_id.value]));
    void cluster.faults.set({ fault: 'rescind-offers', agent: '127.0.0.11' });
    await until('one', () => rescinded().length === 1);
    expect(rescinded()).toEqual([one.id.value]);
    await framework.offer(({ hostname }) => hostname === '127.0.0.11');
    void cluster.faults.set({ fault: 'rescind-offers' });
    await until('all', () => rescinded().length === 3);
    expect(rescinded()).toContain(two.id.value);
  });

  it('drop-updates: what was lost comes again; double-updates: everything comes twice', async () => {
    const cluster = await startTestCluster({ retryIntervals: { minMs: 100, maxMs: 100 } });
    const framework = await TestFramework.subscribe(cluster.url);
    void cluster.faults.set({ fault: 'drop-updates' });
    const offer = await framework.launch(testTask('t', 'echo done'));
    await until('its end', () => readSandbox(cluster, 't', 'stdout') === 'done\n');
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } });
    await framework.status('t', ({ reason }) => reason === 'REASON_RECONCILIATION');
    expect(framework.statuses('t').map(({ state }) => state)).toEqual(['TASK_STAGING']);
    await cluster.faults.clear();
    expect((await framework.end('t')).state).toBe('TASK_FINISHED');
    void cluster.faults.set({ fault: 'double-updates', agent: offer.agent_id.value });
    await framework.launch(testTask('u', 'exit 0'));
    await framework.end('u');
    const starting = framework.statuses('u').filter(({ state }) => state === 'TASK_STARTING');
    expect(starting.length).toBeGreaterThanOrEqual(2);
    expect(new Set(starting.map(({ uuid }) => uuid)).size).toBe(1);
  });

  it('delay-calls: they are answered later, in their order', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    void cluster.faults.set({ fault: 'delay-calls', ms: 150 });
    const begin = Date.now();
    const ids = ['a', 'b', 'c'];
    const calls = ids.map((value) => framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value } }] } }));
    await Promise.all(calls);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(150);
    await framework.status('c', 'TASK_UNKNOWN');
    const answered = framework.subscription.events.flatMap(({ update }) => (update === undefined ? [] : [update.status.task_id.value]));
    expect(answered).toEqual(ids);
  });

  it('stall-stream, slow-stream: what is sent waits, and comes whole when it is mended', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.offer();
    const reconcile = (value: string) => framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value } }] } });
    void cluster.faults.set({ fault: 'stall-stream', framework: framework.id });
    await reconcile('a');
    expect(framework.statuses('a')).toEqual([]);
    void cluster.faults.set({ fault: 'slow-stream', framework: framework.id, bytesPerSecond: 2000 });
    expect(cluster.faults.inForce()).toEqual([expect.objectContaining({ fault: 'slow-stream', bytesPerSecond: 2000 })]);
    await framework.status('a', 'TASK_UNKNOWN');
    void cluster.faults.set({ fault: 'stall-stream', framework: framework.id });
    await reconcile('b');
    await cluster.faults.clear();
    await framework.status('b', 'TASK_UNKNOWN');
    void cluster.faults.set({ fault: 'stall-stream', framework: framework.id });
    void cluster.faults.set({ fault: 'cut-stream', framework: framework.id });
    await framework.subscription.untilClosed();
    await until('it is of no stream any more', () => cluster.faults.inForce().length === 0);
  });

  it('kill-master, return-master: connections break, and the agents register with the new process', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 1000'));
    await framework.status('t', 'TASK_RUNNING');
    await cluster.faults.set({ fault: 'kill-master', master: cluster.address });
    await framework.subscription.untilClosed();
    expect(cluster.masters()).toEqual([{ address: cluster.address, condition: 'killed' }]);
    await cluster.faults.set({ fault: 'return-master', master: cluster.address });
    const again = await TestFramework.subscribe(cluster.url, { info: testFramework({ id: { value: framework.id } }) });
    await again.offer();
    await again.call({ type: 'RECONCILE', reconcile: {} });
    await again.status('t', ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_RECONCILIATION');
  });

  it('what names nothing is refused, saying what there is', async () => {
    const cluster = await startTestCluster();
    expect(() => cluster.faults.set({ fault: 'lose-agent', agent: 'nobody' })).toThrow(FaultError);
    for (const fault of ['lose-agent', 'partition-agent', 'pause-agent', 'kill-agent', 'return-agent', 'renew-agent'] as const)
      expect(() => cluster.faults.set({ fault })).toThrow('agent: (none given) is none of ');
    expect(cluster.faults.inForce()).toEqual([]);
    expect(() => cluster.faults.set({ fault: 'cut-stream' })).toThrow('is not the id of a subscribed framework');
    expect(() => cluster.faults.set({ fault: 'kill-master', master: 'x:1' })).toThrow(`x:1 is none of ${cluster.address} (leading)`);
  });

  it.each([
    [[], `a JSON object (Content-Type: application/json) with a field 'fault'`],
    [{ fault: 'earthquake' }, 'fault: "earthquake" is none of commands-die, '],
    [{ fault: 'delay-calls' }, 'ms: delay-calls needs a whole number from 1 here, and it is (none given)'],
    [{ fault: 'delay-calls', ms: '5' }, 'and it is "5"'],
    [{ fault: 'slow-stream', framework: 'f', bytesPerSecond: 0 }, 'bytesPerSecond: slow-stream needs a whole number from 1'],
    [{ fault: 'withhold-offers', agent: 'a' }, 'agent: withhold-offers takes none'],
    [{ fault: 'withhold-offers', colour: 'red' }, 'colour: there is no such field'],
  ])('%j is refused', (body, message) => {
    expect(() => parseFaultRequest(body)).toThrow(message);
  });
});
