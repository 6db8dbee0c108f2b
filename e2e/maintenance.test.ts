import { until } from '@streams-on-mesos/local-environment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestJson } from './harness/http.js';
import { MaintenanceSchedule } from './harness/maintenance-schedule.js';
import { openStack, type Stack } from './harness/stack.js';

const FAR_SECS = 2 * 3_600;
/** Within MAINTENANCE_HORIZON_SECS. */
const NEAR_SECS = 1_800;

describe('an agent that Mesos is about to maintain', () => {
  let stack: Stack;
  let schedule: MaintenanceSchedule;
  beforeAll(async () => {
    stack = await openStack();
    schedule = new MaintenanceSchedule(stack.addresses.mesosUrl);
  });
  afterAll(async () => {
    await schedule?.restore();
    await stack?.close();
  });

  const untilAnswered = (answer: string): Promise<unknown> =>
    until(`${answer} in the maintenance status`, 30_000, async () => (await schedule.answers(stack.frameworkName)).includes(answer));

  const warnings = async (): Promise<(readonly string[])[]> =>
    (await stack.bridge.notifications())
      .filter(({ method }) => method === 'resourcesRevokeImminent')
      .map(({ descriptors }) => descriptors.map(({ nativeResourceId }) => nativeResourceId));

  it("is DECLINEd while a client's resource is there, whose owner is told, once for each window", async () => {
    const [allocated] = await stack.bridge.allocate();
    const id = allocated!.descriptor.nativeResourceId;
    const [task] = await stack.mesos.untilRunning(1);
    const first = await schedule.plan(task!.agentId, FAR_SECS);
    await untilAnswered('DECLINE');
    expect(await until('the notification', 30_000, async () => ((await warnings()).length > 0 ? warnings() : undefined))).toEqual([[id]]);

    const api = `${stack.services['allocation-service'].url}/api/v1`;
    const maintenance = { start_ms: first, duration_ms: 3_600_000 };
    expect(await requestJson('GET', `${api}/resources/${id}`)).toMatchObject({ state: 'RUNNING', request_state: 'ALLOCATED', maintenance });
    expect(await requestJson('GET', `${api}/agents/${task!.agentId}`)).toMatchObject({ maintenance: { ...maintenance, is_near: false } });

    await schedule.plan(task!.agentId, FAR_SECS + 3_600);
    await until('the notification of another window', 30_000, async () => (await warnings()).length > 1);
    expect(await warnings()).toEqual([[id], [id]]);
    await schedule.restore();
    await stack.bridge.release([allocated!.descriptor]);
    await stack.mesos.untilRunning(0);
  });

  it('is ACCEPTed when only a scaled node is there, which moves off: new before old', async () => {
    await stack.allocation.scale(1);
    await stack.allocation.untilLive(1);
    const [old] = await stack.mesos.untilRunning(1);
    await schedule.plan(old!.agentId, NEAR_SECS);
    await untilAnswered('ACCEPT');
    const moved = await until('another node', 30_000, async () => {
      const running = await stack.mesos.running();
      expect(running.length).toBeGreaterThan(0);
      return running.every(({ id }) => id !== old!.id) ? running[0] : undefined;
    });
    // Where there is no other agent it stays on this one.
    if ((await schedule.activeAgents()) > 1) expect(moved.agentId).not.toBe(old!.agentId);
    expect((await warnings()).length).toBe(2);
    await stack.allocation.scale(0);
    await stack.mesos.untilRunning(0);
  });
});
