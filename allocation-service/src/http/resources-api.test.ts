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
