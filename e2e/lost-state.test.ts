import { until } from '@streams-on-mesos/local-environment';
import { createLogger, frameworkPaths, ZooKeeperConnection, type ZooKeeperSession } from '@streams-on-mesos/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli } from './harness/cli.js';
import { openStack, type Stack } from './harness/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack?.close());

const removeTree = async (session: ZooKeeperSession, path: string): Promise<void> => {
  for (const child of await session.children(path)) await removeTree(session, `${path}/${child}`);
  await session.remove(path);
};

const loseState = async (): Promise<void> => {
  const stop = new AbortController();
  const zookeeper = await ZooKeeperConnection.connect(stack.addresses.zookeeper, {
    logger: createLogger('e2e', 'error'),
    signal: stop.signal,
  });
  const { journal, snapshot } = frameworkPaths(stack.frameworkName);
  for (const path of [journal, snapshot]) await removeTree(zookeeper.session, path);
  await zookeeper.close();
  stop.abort();
};

it('tasks of a lost state are left alone until an operator decides', async () => {
  await stack.allocation.scale(2);
  await stack.allocation.untilLive(2);
  const allocation = stack.services['allocation-service'];
  await allocation.stop();
  await loseState();
  await allocation.launch();

  await until('the remedy', 30_000, async () => {
    const response = await fetch(`${allocation.url}/readyz`);
    return response.status === 503 && (await response.text()).includes('reconcile --kill');
  });
  expect(await stack.mesos.running()).toHaveLength(2);

  await cli(['reconcile', '--kill', '--yes'], { ZOOKEEPER: stack.addresses.zookeeper, FRAMEWORK_NAME: stack.frameworkName });
  await stack.mesos.untilRunning(0, 90_000);
  await allocation.whenReady();
});
