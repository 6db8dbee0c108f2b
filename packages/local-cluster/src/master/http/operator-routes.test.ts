import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

const get = (url: string, path: string) => new WireClient(url, 'json').exchange({ method: 'GET', path });

describe('operator endpoints', () => {
  it.each(['/state', '/slaves', '/frameworks', '/tasks', '/state-summary', '/roles', '/flags'])(
    'GET %s is the same as below /master',
    async (path) => {
      const cluster = await startTestCluster();
      const [short, long] = await Promise.all([get(cluster.url, path), get(cluster.url, `/master${path}`)]);
      expect(short.status).toBe(200);
      expect(JSON.parse(short.body)).toEqual(JSON.parse(long.body));
    },
  );

  it('GET /redirect points at the leader, GET /health is empty', async () => {
    const cluster = await startTestCluster();
    const redirect = await get(cluster.url, '/master/redirect');
    expect([redirect.status, redirect.headers.location]).toEqual([307, `//${cluster.address}`]);
    expect(await get(cluster.url, '/health')).toMatchObject({ status: 200, body: '' });
  });

  it('POST /master/teardown ends a framework and its tasks', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    const teardown = (body: string) =>
      new WireClient(cluster.url, 'json').exchange({
        method: 'POST',
        path: '/master/teardown',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
      });

    expect(await teardown('frameworkId=nobody')).toMatchObject({ status: 400, body: 'No framework found with specified ID' });
    expect(await teardown('')).toMatchObject({ status: 400 });
    expect(await teardown(`frameworkId=${framework.id}`)).toMatchObject({ status: 200 });

    await framework.subscription.untilClosed();
    const { completed_frameworks, frameworks } = JSON.parse((await get(cluster.url, '/state')).body) as Record<string, { id: string }[]>;
    expect(frameworks).toEqual([]);
    expect(completed_frameworks?.map(({ id }) => id)).toEqual([framework.id]);
  });

  it('shows a page to people, with names escaped', async () => {
    const cluster = await startTestCluster();
    await TestFramework.subscribe(cluster.url, { info: testFramework({ name: '<b>bold</b>' }) });
    const { body } = await get(cluster.url, '/');
    expect(body).toContain('&#60;b&#62;bold');
    expect(body).not.toContain('<b>');
  });
});
