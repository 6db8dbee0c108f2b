import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../testing/test-cluster.js';

afterEach(stopTestClusters);

const INTERVALS = { minMs: 100, maxMs: 400 };

describe.each(['json', 'pb'] as const)('an update in %s', (encoding) => {
  it('comes again, the same, until it is acknowledged; only then the next', async () => {
    const cluster = await startTestCluster({ retryIntervals: INTERVALS });
    const framework = await TestFramework.subscribe(cluster.url, { encoding, acknowledges: false });
    await framework.launch(testTask('t', 'true'));
    const third = await framework.subscription.until('three times the same', () => framework.statuses('t')[2]);
    expect(new Set(framework.statuses('t').map(({ state, uuid }) => `${state} ${uuid}`))).toEqual(new Set([`TASK_STARTING ${third.uuid}`]));

    await framework.acknowledge(third);
    const running = await framework.status('t', 'TASK_RUNNING');
    await framework.acknowledge(third);
    await framework.acknowledge(running);
    const finished = await framework.status('t', 'TASK_FINISHED');
    await framework.acknowledge(finished);

    const before = framework.statuses('t').length;
    // Reconciliation of a task that is over and acknowledged proves that the agent forgot it: nothing came in between.
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } });
    expect((await framework.status('t', 'TASK_UNKNOWN')).reason).toBe('REASON_RECONCILIATION');
    expect(
      framework
        .statuses('t')
        .slice(before)
        .filter(({ uuid }) => uuid !== undefined && uuid !== finished.uuid),
    ).toEqual([]);
  });

  it('waits for a framework that is away, and is sent at once when it is back', async () => {
    const cluster = await startTestCluster({ retryIntervals: { minMs: 60_000, maxMs: 60_000 } });
    const first = await TestFramework.subscribe(cluster.url, { encoding, acknowledges: false });
    await first.launch(testTask('t', 'true'));
    await first.status('t', 'TASK_STARTING');
    first.subscription.close();

    const second = await TestFramework.subscribe(cluster.url, { encoding, info: testFramework({ id: { value: first.id } }) });
    expect((await second.end('t')).state).toBe('TASK_FINISHED');
    expect(second.statuses('t')[0]?.uuid).toBe(first.statuses('t')[0]?.uuid);
  });
});
