import { until } from '@streams-on-mesos/local-environment';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestJson } from './harness/http.js';
import { openStack, type Stack } from './harness/stack.js';

interface Placed {
  readonly id: string;
  readonly resource_list: readonly { readonly id: string; readonly state: string; readonly host?: string }[];
}

interface Explained {
  readonly waiting: number;
  readonly refusals: readonly { readonly reason: string; readonly offers: number }[];
  readonly proposals: readonly { readonly remedies: readonly { readonly change: string }[] }[];
}

/** More cores than any agent has. */
const TOO_LARGE = 100_000;

describe('where resources are placed, and why not', () => {
  let stack: Stack;
  let agents: number;
  beforeAll(async () => {
    stack = await openStack();
    const { slaves } = await requestJson<{ slaves: { active: boolean }[] }>('GET', `${stack.addresses.mesosUrl}/slaves`);
    agents = slaves.filter(({ active }) => active).length;
  });
  afterAll(() => stack?.close());

  const api = (path: string): string => `${stack.services['allocation-service'].url}/api/v1${path}`;

  const ask = async (count: number, body: object): Promise<string> => {
    const { id } = await requestJson<Placed>('POST', api('/requests'), {
      request_id: randomUUID(),
      client_id: 'e2e',
      count,
      each: { cpus: 0.1, mem: 32 },
      workload: { command: 'sleep 1000' },
      ...body,
    });
    return id;
  };

  const untilRunning = (id: string, count: number): Promise<Placed> =>
    until(`${count} running resources of ${id}`, 60_000, async () => {
      const request = await requestJson<Placed>('GET', api(`/requests/${id}`));
      return request.resource_list.filter(({ state }) => state === 'RUNNING').length === count ? request : undefined;
    });

  const explained = (id: string, isEnough: (explanation: Explained) => boolean): Promise<Explained> =>
    until(`an explanation of ${id}`, 60_000, async () => {
      const explanation = await requestJson<Explained>('GET', api(`/requests/${id}/explain`));
      return isEnough(explanation) ? explanation : undefined;
    });

  const end = async (id: string): Promise<void> => {
    await requestJson('DELETE', api(`/requests/${id}`));
    await stack.mesos.untilRunning(0);
  };

  it('one resource a host, and the one too many waits for another host: explain says so', async () => {
    const id = await ask(agents + 1, { constraints: [{ field: '@hostname', operator: 'UNIQUE' }] });
    const { resource_list } = await untilRunning(id, agents);
    const hosts = resource_list.flatMap(({ host, state }) => (state === 'RUNNING' ? [host] : []));
    expect(new Set(hosts).size).toBe(agents);
    const { waiting, refusals, proposals } = await explained(id, (explanation) => explanation.refusals.length > 0);
    expect(waiting).toBe(1);
    expect(refusals).toContainEqual(expect.objectContaining({ reason: 'constraint' }));
    expect(proposals[0]?.remedies).toContainEqual(expect.objectContaining({ change: 'drop-constraint' }));
    await end(id);
  });

  it('what is larger than any agent waits, and is told how much would fit; doing that, it runs', async () => {
    const id = await ask(1, { each: { cpus: TOO_LARGE, mem: 32 } });
    const { proposals } = await explained(id, (explanation) => explanation.proposals.length > 0);
    const reduce = proposals[0]!.remedies[0] as unknown as { change: string; quantity: string; to: number };
    expect(reduce).toMatchObject({ change: 'reduce', quantity: 'cpus' });
    await requestJson('DELETE', api(`/requests/${id}`));
    const smaller = await ask(1, { each: { cpus: reduce.to, mem: 32 } });
    await untilRunning(smaller, 1);
    await end(smaller);
  });

  it('counted licences are leased by no more tasks than there are, and by the next when one ends', async () => {
    await requestJson('PUT', api('/config'), { num_of_node: 0, licences: { e2e: 1 } });
    const first = await ask(1, { licences: [{ name: 'e2e', count: 1 }] });
    await untilRunning(first, 1);
    const second = await ask(1, { licences: [{ name: 'e2e', count: 1 }] });
    await explained(second, ({ waiting }) => waiting === 1);
    await requestJson('DELETE', api(`/requests/${first}`));
    await untilRunning(second, 1);
    expect(await stack.mesos.untilRunning(1)).toHaveLength(1);
    await end(second);
  });

  it('another size rolls through the nodes: never fewer than wanted, never more than one above', async () => {
    await stack.allocation.scale(3, 0.1, 32);
    await stack.allocation.untilLive(3);
    const before = new Set((await stack.mesos.untilRunning(3)).map(({ id }) => id));
    const counts: number[] = [];
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        counts.push((await stack.mesos.running()).length);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await stack.allocation.scale(3, 0.1, 48);
    await until('three nodes of the new size', 90_000, async () => {
      const running = await stack.mesos.running();
      return running.length === 3 && running.every(({ id }) => !before.has(id));
    });
    watching.abort();
    await watch;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
    // the one that is being killed may still be listed beside the next new one
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    await stack.allocation.scale(0);
    await stack.mesos.untilRunning(0);
  });
});
