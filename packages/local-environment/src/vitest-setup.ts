import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startRabbitMq } from './rabbitmq.js';
import { ownRun, sweepLeftovers } from './run-directory.js';
import { startZooKeeper } from './zookeeper.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** amqp://host:port of a real broker, shared by all test files: use names of your own on it. */
    rabbitmqUrl: string;
    /** host:port of a real ZooKeeper, shared by all test files: use paths of your own in it. */
    zookeeper: string;
  }
}

/** vitest globalSetup: one real RabbitMQ and one real ZooKeeper for the whole run. */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  await sweepLeftovers();
  const run = ownRun('test');
  const dir = run.path;
  const parts = await Promise.all([
    startRabbitMq({ dir: join(dir, 'rabbitmq'), runDirectory: dir }),
    startZooKeeper({ dir: join(dir, 'zookeeper'), runDirectory: dir }),
  ]);
  provide('rabbitmqUrl', parts[0].url);
  provide('zookeeper', parts[1].connectString);
  return async () => {
    await Promise.all(parts.map((part) => part.stop()));
    run.remove();
  };
};
