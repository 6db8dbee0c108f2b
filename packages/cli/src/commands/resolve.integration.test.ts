import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster } from '@streams-on-mesos/local-cluster';
import { expect, inject, it, onTestFinished } from 'vitest';
import { cli } from '../testing/cli.js';

it('resolve prints the master that leads, through ZooKeeper and by a list, and another one once that leads', async () => {
  const workDir = mkdtempSync(join(tmpdir(), 'cli-resolve-'));
  const zk = `zk://${inject('zookeeper')}/mesos-${randomUUID()}`;
  const cluster = await startLocalCluster({ masters: 2, agents: 0, workDir, zk, zkSessionTimeoutMs: 4_000 });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(workDir, { recursive: true });
  });
  const list = cluster
    .masters()
    .map(({ address }) => address)
    .join(',');
  const urlOf = (leads: boolean) => `http://${cluster.masters().find(({ condition }) => (condition === 'leading') === leads)?.address}\n`;
  const [first, second] = [urlOf(true), urlOf(false)];
  expect(await cli(['resolve', zk])).toEqual({ code: 0, stdout: first, stderr: '' });
  expect(await cli(['resolve', list])).toEqual({ code: 0, stdout: first, stderr: '' });
  expect(JSON.parse((await cli(['resolve', '--json'], { MESOS_MASTER: zk })).stdout)).toMatchObject({ masterInfo: { version: '1.12.0' } });

  await cluster.faults.set({ fault: 'kill-master', master: 'leader' });
  // the node of a master that ended stays in ZooKeeper for a while
  await expect.poll(async () => (await cli(['resolve', zk])).stdout, { timeout: 20_000 }).toBe(second);
  expect(await cli(['resolve', list])).toEqual({ code: 0, stdout: second, stderr: '' });
});
