import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variants } from './harness/cases.js';
import { openStack, type Stack } from './harness/stack.js';

describe.each(variants)('scaling by config ($label)', (variant) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await openStack(variant);
  });
  afterAll(() => stack?.close());

  it('without a config runs no task and takes no offer', async () => {
    expect(await stack.allocation.runtime()).toEqual({ num_of_node: 0, num_of_live_node: 0 });
    expect(await stack.mesos.tasks()).toEqual([]);
    expect(await stack.mesos.outstandingOffers()).toBe(0);
  });

  it('scales 0 → 5 → 1, and what it says is what Mesos runs', async () => {
    await stack.allocation.scale(5);
    await stack.allocation.untilLive(5);
    const five = await stack.mesos.untilRunning(5);
    expect(new Set(five.map(({ id }) => id)).size).toBe(5);

    await stack.allocation.scale(1);
    await stack.allocation.untilLive(1);
    const [one] = await stack.mesos.untilRunning(1);
    expect(five.map(({ id }) => id)).toContain(one!.id);
    expect(stack.mesos.doubles).toEqual([]);
  });

  it('refuses a config that makes no sense, naming field, value and remedy', async () => {
    await expect(stack.allocation.scale(-1)).rejects.toThrow(/400.*num_of_node.*-1/s);
    expect(await stack.allocation.runtime()).toEqual({ num_of_node: 1, num_of_live_node: 1 });
  });

  it('keeps the config and the node over a restart of every service', async () => {
    const [before] = await stack.mesos.running();
    for (const service of Object.values(stack.services)) await service.stop();
    expect((await stack.mesos.running()).map(({ id }) => id)).toEqual([before!.id]);
    for (const service of Object.values(stack.services)) await service.start();
    expect(await stack.allocation.config()).toEqual({ num_of_node: 1, general_config: { cpu_of_node: 0.1, mem_of_node: 32 } });
    await stack.allocation.untilLive(1);
    expect((await stack.mesos.running()).map(({ id }) => id)).toEqual([before!.id]);
  });
});
