import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster } from '@streams-on-mesos/local-cluster';
import { createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import { expect, inject, it, onTestFinished } from 'vitest';
import { cli } from '../testing/cli.js';
import { completedFrameworks, subscribeFramework } from '../testing/frameworks.js';

it("teardown without an id removes the framework whose id is in ZooKeeper, at the master that leads there, and no other's", async () => {
  const workDir = mkdtempSync(join(tmpdir(), 'cli-teardown-'));
  const zookeeper = inject('zookeeper');
  const zk = `zk://${zookeeper}/mesos-${randomUUID()}`;
  const cluster = await startLocalCluster({ agents: 0, workDir, zk });
  const over = new AbortController();
  onTestFinished(async () => {
    over.abort();
    await cluster.stop();
    rmSync(workDir, { recursive: true });
  });
  const frameworkName = `teardown-${randomUUID()}`;
  const env = { MESOS_MASTER: zk, ZOOKEEPER: zookeeper, FRAMEWORK_NAME: frameworkName };
  expect(await cli(['teardown', '--yes'], env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no id in ZooKeeper') as string,
  });

  const [own, other] = [await subscribeFramework(cluster), await subscribeFramework(cluster)];
  const connection = await ZooKeeperConnection.connect(zookeeper, { logger: createLogger('test', 'silent'), signal: over.signal });
  const session = await connection.whenSession(over.signal);
  const { root, frameworkId } = frameworkPaths(frameworkName);
  await session.ensurePath(root);
  await session.create(frameworkId, Buffer.from(own));

  const done = await cli(['teardown', '--yes', '--json'], env);
  expect(JSON.parse(done.stdout)).toMatchObject({ framework_id: own });
  expect(await completedFrameworks(cluster)).toEqual([own]);
  expect(other).not.toBe(own);
  await connection.close();
});
