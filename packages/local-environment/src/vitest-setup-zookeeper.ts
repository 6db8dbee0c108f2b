import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ownRun, sweepLeftovers } from './run-directory.js';
import { startZooKeeper } from './zookeeper.js';

/** vitest globalSetup: one real ZooKeeper for the whole run, and no RabbitMQ. */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  await sweepLeftovers();
  const run = ownRun('test-zookeeper');
  const zookeeper = await startZooKeeper({ dir: join(run.path, 'zookeeper'), runDirectory: run.path });
  provide('zookeeper', zookeeper.connectString);
  return async () => {
    await zookeeper.stop();
    run.remove();
  };
};
