import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster } from '@streams-on-mesos/local-cluster';
import { expect, inject, it, onTestFinished } from 'vitest';
import { cli } from '../testing/cli.js';

it('execute finds the master through ZooKeeper', async () => {
  const workDir = mkdtempSync(join(tmpdir(), 'cli-execute-'));
  const zk = `zk://${inject('zookeeper')}/mesos-${randomUUID()}`;
  const cluster = await startLocalCluster({ agents: 1, workDir, zk, allocationIntervalMs: 50 });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(workDir, { recursive: true });
  });
  const { code, stdout } = await cli(['execute', '--name', 'cluster-test', '--command', 'true'], { MESOS_MASTER: zk });
  expect(stdout).toContain("Received status update TASK_FINISHED for task 'cluster-test'");
  expect(code).toBe(0);
});
