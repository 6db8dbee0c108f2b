import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allocateBody, offer } from '../domain/testing/builders.js';
import { ApiInMemory } from '../testing/api-in-memory.js';

let api: ApiInMemory;
beforeEach(async () => {
  api = await ApiInMemory.start();
});
afterEach(() => api.close());

describe('GET /resources', () => {
  const ids = async (query: string): Promise<string[]> =>
    ((await api.ask('GET', `/resources${query}`)).body as { resources: { id: string }[] }).resources.map(({ id }) => id);

  it('filters and pages', async () => {
    await api.ask('PUT', '/config', { num_of_node: 2 });
    await api.ask('POST', '/requests', allocateBody({ count: 12 }));
    expect(await ids('?owner=scaling')).toEqual(['resource_0', 'resource_1']);
    expect(await ids('?request=client-1~request-1&label=tags:ingest')).toHaveLength(12);
    await api.offers(offer('o1', { agent: 'a7', cpus: 1 }));
    const placed = await ids('?state=LAUNCHED');
    expect(placed.length).toBeGreaterThan(0);
    expect(await ids('?agent_id=a7')).toEqual(placed);
    expect(await ids('?host=a7.example')).toEqual(placed);
    expect(await ids('?request_state=ALLOCATED')).toEqual([]);
    const first = (await api.ask('GET', '/resources?limit=11')).body as { next: string };
    const all = [...(await ids('?limit=11')), ...(await ids(`?limit=11&cursor=${first.next}`))];
    expect(all).toEqual(Array.from({ length: 14 }, (_, n) => `resource_${n}`));
    expect(await api.ask('GET', '/resources?request_state=REQUEST_NEW')).toMatchObject({
      status: 400,
      body: { error: { field: 'request_state' } },
    });
  });
});

describe('the scaling config', () => {
  it('is guarded by its ETag', async () => {
    const first = await api.ask('GET', '/config');
    const etag = first.headers.get('etag') ?? '';
    expect(first.body).toEqual({ num_of_node: 0 });
    const put = (nodes: number, ifMatch?: string) =>
      api.ask('PUT', '/config', { num_of_node: nodes }, ifMatch === undefined ? {} : { 'if-match': ifMatch });
    const written = await put(1, etag);
    expect(written).toMatchObject({ status: 200, body: { num_of_node: 1 } });
    expect(written.headers.get('etag')).not.toBe(etag);
    const refused = await put(2, etag);
    expect(refused).toMatchObject({ status: 412, body: { error: { field: 'If-Match' }, current: { num_of_node: 1 } } });
    expect(refused.headers.get('etag')).toBe(written.headers.get('etag'));
    expect(await put(3, `"x", ${refused.headers.get('etag')}`)).toMatchObject({ status: 200 });
    expect(await put(4, '*')).toMatchObject({ status: 200 });
    expect(await put(5)).toMatchObject({ status: 200, body: { num_of_node: 5 } });
  });

  it('lets only one of two operators win who looked at the same', async () => {
    const etag = (await api.ask('GET', '/config')).headers.get('etag') ?? '';
    const puts = [1, 2, 3, 4].map((nodes) => api.ask('PUT', '/config', { num_of_node: nodes }, { 'if-match': etag }));
    const statuses = (await Promise.all(puts)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 412, 412, 412]);
  });
});

describe('GET /agents', () => {
  it('shows what was offered of each agent, what runs there, and who avoids it', async () => {
    await api.ask('POST', '/requests', allocateBody({ each: { cpus: 1, mem: 512 } }));
    const rack = { name: 'rack', type: 'TEXT' as const, text: { value: 'r7' } };
    const domain = { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } };
    const unavailability = { start: { nanoseconds: 4_102_444_800_000 * 1e6 } };
    await api.offers(
      { ...offer('o1', { agent: 'a1' }), attributes: [rack], domain, unavailability },
      offer('o2', { agent: 'a2', cpus: 0.1 }),
    );
    const { agents } = (await api.ask('GET', '/agents?limit=2')).body as { agents: unknown[] };
    expect(agents).toMatchObject([
      {
        id: 'a1',
        hostname: 'a1.example',
        attributes: { rack: 'r7' },
        region: 'eu',
        zone: 'eu-1',
        last_offered: { '*': { cpus: 4, mem: 8192, ports: 9 } },
        tasks: [{ resource_id: 'resource_0', quantities: { cpus: 1, mem: 512 } }],
        maintenance: { start_ms: 4_102_444_800_000, is_near: false },
        avoided_by: {},
      },
      { id: 'a2', tasks: [] },
    ]);
    await api.status('streams_resource_0_0', 'TASK_FAILED');
    expect(await api.ask('GET', '/agents/a1')).toMatchObject({
      status: 200,
      body: { id: 'a1', tasks: [], avoided_by: { 'client-1~request-1': expect.any(Number) as number } },
    });
    const returned = await api.ask('POST', '/agents/a1/return');
    expect(returned).toMatchObject({ status: 200, body: { id: 'a1' } });
    expect(returned.body).toMatchObject({ avoided_by: {} });
    expect(await api.ask('POST', '/agents/a9/return')).toMatchObject({ status: 404 });
    expect(await api.ask('GET', '/agents/a9')).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    expect((await api.ask('GET', '/agents?hostname=a2.example')).body).toMatchObject({ agents: [{ id: 'a2' }] });
  });
});

describe('GET /requests/{id}/explain', () => {
  it('tells why a request waits, also by the id of a resource', async () => {
    await api.ask('POST', '/requests', allocateBody({ each: { cpus: 4, mem: 512 } }));
    await api.offers(offer('o1', { agent: 'a1', cpus: 3 }));
    for (const id of ['client-1~request-1', 'resource_0']) {
      expect(await api.ask('GET', `/requests/${id}/explain`)).toMatchObject({
        status: 200,
        body: { waiting: 1, refusals: [{ reason: 'cpus', offers: 1 }], proposals: [{ remedies: [{ change: 'reduce', to: 3 }] }] },
      });
    }
    expect(await api.ask('GET', '/requests/x~y/explain')).toMatchObject({ status: 404 });
  });
});
