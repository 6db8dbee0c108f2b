import { until } from '@streams-on-mesos/local-environment';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultCase } from './harness/cases.js';
import { ClusterFaults } from './harness/cluster-faults.js';
import { serviceNames, type ServiceName } from './harness/service-process.js';
import { openStack, type Stack } from './harness/stack.js';

/** Each moment: bring the stack there, kill the victim, start it again, and say what must be true in the end. */
interface Moment {
  readonly label: string;
  /** Mesos has to be held up to catch it. */
  readonly needsFaults: boolean;
  readonly play: (stack: Stack, faults: ClusterFaults, killAndRestart: () => Promise<void>) => Promise<void>;
}

const launchedNow = async (stack: Stack, before: ReadonlySet<string>): Promise<string[]> =>
  (await stack.mesos.everLaunched()).map(({ id }) => id).filter((id) => !before.has(id));

const oneAllocated = async (stack: Stack, before: ReadonlySet<string>): Promise<void> => {
  const [task] = await stack.mesos.untilRunning(1);
  await until('allocated', 30_000, async () =>
    (await stack.allocation.resources()).some(({ task_id, request_state }) => task_id === task!.id && request_state === 'ALLOCATED'),
  );
  expect(await launchedNow(stack, before)).toEqual([task!.id]);
};

const release = async (stack: Stack): Promise<void> => {
  await stack.bridge.call('releaseResources', { all: true });
  await stack.mesos.untilRunning(0);
};

/** Asks as Streams' side does: an answer that a crash of the bridge cut off is asked for again, under the same id. */
const request = (stack: Stack): { again(): Promise<unknown> } => {
  const requestId = randomUUID();
  const ask = (): Promise<unknown> => stack.bridge.allocate({ type: 'FLEXIBLE', requestId });
  const first = ask().catch(() => undefined);
  return { again: () => first.then(ask) };
};

const someResource = (stack: Stack, state: string): Promise<unknown> =>
  until(`a resource that is ${state}`, 30_000, async () =>
    (await stack.allocation.resources()).some((resource) => resource.state === state),
  );

const moments: readonly Moment[] = [
  {
    label: 'a request accepted but no ACCEPT yet',
    needsFaults: true,
    play: async (stack, faults, killAndRestart) => {
      const before = new Set((await stack.mesos.everLaunched()).map(({ id }) => id));
      await faults.withholdOffers();
      const asked = request(stack);
      await someResource(stack, 'NEW');
      await killAndRestart();
      await faults.clear();
      await asked.again();
      await oneAllocated(stack, before);
      await release(stack);
    },
  },
  {
    label: 'the ACCEPT sent but no update yet',
    needsFaults: true,
    play: async (stack, faults, killAndRestart) => {
      const before = new Set((await stack.mesos.everLaunched()).map(({ id }) => id));
      await faults.holdUpdates();
      const asked = request(stack);
      await someResource(stack, 'LAUNCHED');
      await until('the task at Mesos', 10_000, async () => (await stack.mesos.tasks()).length === 1);
      await killAndRestart();
      await faults.clear();
      await asked.again();
      await oneAllocated(stack, before);
      await release(stack);
    },
  },
  {
    label: 'inside the delay',
    needsFaults: false,
    play: async (stack, _faults, killAndRestart) => {
      const before = new Set((await stack.mesos.everLaunched()).map(({ id }) => id));
      const asked = request(stack);
      await someResource(stack, 'RUNNING');
      await killAndRestart();
      await asked.again();
      await oneAllocated(stack, before);
      await release(stack);
    },
  },
  {
    label: 'amid a release',
    needsFaults: true,
    play: async (stack, faults, killAndRestart) => {
      await stack.bridge.allocate();
      await faults.holdUpdates();
      const released = stack.bridge.call('releaseResources', { all: true }).catch(() => undefined);
      await someResource(stack, 'STOPPING');
      await killAndRestart();
      await faults.clear();
      await released;
      // Where the crash cut the call off, its caller asks again, as for any answer that did not come.
      await release(stack);
      expect((await stack.allocation.resources()).filter(({ state }) => !['STOPPED', 'CANCELLED'].includes(state))).toEqual([]);
    },
  },
  {
    label: 'amid scaling',
    needsFaults: false,
    play: async (stack, _faults, killAndRestart) => {
      const before = new Set((await stack.mesos.everLaunched()).map(({ id }) => id));
      await stack.allocation.scale(4);
      await until('the first node', 30_000, async () => (await stack.mesos.tasks()).length > 0);
      await killAndRestart();
      await stack.allocation.untilLive(4);
      await stack.mesos.untilRunning(4);
      expect(await launchedNow(stack, before)).toHaveLength(4);
      await stack.allocation.scale(0);
      await killAndRestart();
      await stack.allocation.untilLive(0);
      await stack.mesos.untilRunning(0);
    },
  },
];

describe.each(serviceNames)('kill -9 of %s', (victim: ServiceName) => {
  let stack: Stack;
  let faults: ClusterFaults;
  beforeAll(async () => {
    stack = await openStack({ settings: { WAIT_FLEXIBLE_SECS: '1', WAIT_ALLOCATED_SECS: '2', ZOOKEEPER_SESSION_TIMEOUT_SECS: '3' } });
    faults = new ClusterFaults(stack.addresses.mesosUrl);
  });
  afterAll(() => stack?.close());

  const killAndRestart = async (): Promise<void> => {
    await stack.services[victim].kill();
    await stack.services[victim].start();
  };

  for (const { label, needsFaults, play } of moments) {
    (needsFaults ? faultCase : it)(`${label}: nothing is launched twice, counts are right again`, async () => {
      try {
        await play(stack, faults, killAndRestart);
      } finally {
        if (needsFaults) await faults.clear();
      }
      expect(stack.mesos.doubles).toEqual([]);
      const revoked = (await stack.bridge.notifications()).filter(({ method }) => method === 'resourcesRevoked');
      expect(revoked).toEqual([]);
    });
  }
});
