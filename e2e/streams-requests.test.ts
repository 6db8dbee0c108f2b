import { until } from '@streams-on-mesos/local-environment';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variants } from './harness/cases.js';
import { openStack, type Stack } from './harness/stack.js';

/** More cores than any agent has, so that it waits. */
const TOO_LARGE = 100_000;

describe.each(variants)('what Streams asks for ($label)', (variant) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await openStack({ ...variant, settings: { WAIT_ASYNC_SECS: '1', WAIT_FLEXIBLE_SECS: '1' } });
  });
  afterAll(() => stack?.close());

  it('allocates two resources, shows them, and releases them', async () => {
    const states = await stack.bridge.allocate({ count: 2 });
    expect(states.map(({ state }) => state)).toEqual(['ALLOCATED', 'ALLOCATED']);
    for (const { descriptor } of states) {
      expect(descriptor).toMatchObject({ type: 'mesos', kind: 'CONTAINER', displayName: `mesos_${descriptor.nativeResourceId}` });
      expect(descriptor.hostName).toBeTruthy();
    }
    expect(await stack.mesos.untilRunning(2)).toHaveLength(2);
    expect(await stack.bridge.resourceState()).toEqual(
      expect.arrayContaining(
        states.map(({ descriptor }) =>
          expect.objectContaining({
            nativeId: descriptor.nativeResourceId,
            resourceState: 'RUNNING',
            requestState: 'ALLOCATED',
            cores: '0.1',
            memory: '32.0',
          }),
        ),
      ),
    );

    await stack.bridge.release(states.map(({ descriptor }) => descriptor));
    await stack.mesos.untilRunning(0);
    expect(await stack.bridge.notifications()).toEqual([]);
  });

  it('answers the same request id with the same resources', async () => {
    const requestId = randomUUID();
    const [first, second] = await Promise.all([stack.bridge.allocate({ requestId }), stack.bridge.allocate({ requestId })]);
    const third = await stack.bridge.allocate({ requestId });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(await stack.mesos.untilRunning(1)).toHaveLength(1);
    await stack.bridge.release(first.map(({ descriptor }) => descriptor));
    await stack.mesos.untilRunning(0);
  });

  it('answers PENDING for what fits nowhere, and forgets it when cancelled', async () => {
    const [waiting] = await stack.bridge.allocate({ type: 'ASYNCHRONOUS', cores: TOO_LARGE });
    expect(waiting!.state).toBe('PENDING');
    await stack.bridge.cancel([waiting!.descriptor]);
    const resource = (await stack.bridge.resourceState()).find(({ nativeId }) => nativeId === waiting!.descriptor.nativeResourceId);
    expect(resource).toMatchObject({ resourceState: 'CANCELLED', requestState: 'CANCELLED', mesosTaskId: null });
    expect(await stack.mesos.tasks()).toEqual([]);
    await expect(stack.bridge.cancel([{ ...waiting!.descriptor, nativeResourceId: 'resource_99999' }])).rejects.toThrow(/404/);
  });

  it('notifies of what was pending once it runs', async () => {
    await stack.services['offer-service'].stop();
    const [pending] = await stack.bridge.allocate({ type: 'FLEXIBLE' });
    expect(pending!.state).toBe('PENDING');
    await stack.services['offer-service'].start();
    const notification = await until('a notification', 30_000, async () => (await stack.bridge.notifications(0, 1_000)).at(0));
    expect(notification).toMatchObject({
      method: 'resourcesAllocated',
      descriptors: [{ nativeResourceId: pending!.descriptor.nativeResourceId }],
    });
    await stack.bridge.release([pending!.descriptor]);
    await stack.mesos.untilRunning(0);
  });

  it('allocates a master resource', async () => {
    const tags = { names: ['jmx', 'sws'], definitions: { jmx: { type: 'NONE' }, sws: { type: 'NONE' } } };
    const { descriptor } = await stack.bridge.call<{ descriptor: { nativeResourceId: string } }>('allocateMasterResource', {
      info: { tags },
    });
    const resource = (await stack.bridge.resourceState()).find(({ nativeId }) => nativeId === descriptor.nativeResourceId);
    expect(resource).toMatchObject({
      master: true,
      cores: '2.0',
      memory: '4096.0',
      tags: expect.stringMatching(/^\[(jmx, sws|sws, jmx)\]$/) as string,
    });
    await stack.bridge.call('releaseResources', { all: true });
    await stack.mesos.untilRunning(0);
  });

  it('refuses tags it cannot read', async () => {
    const tags = { names: ['odd'], definitions: { odd: { type: 'PROPERTIES', properties: { cores: 'many' } } } };
    await expect(stack.bridge.call('validateTags', { tags })).rejects.toThrow(/422.*CDISR6007E/s);
  });

  it('never ran two tasks of one resource', () => expect(stack.mesos.doubles).toEqual([]));
});
