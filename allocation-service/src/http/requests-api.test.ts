import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allocateBody, offer } from '../domain/testing/builders.js';
import { ApiInMemory } from '../testing/api-in-memory.js';

let api: ApiInMemory;
beforeEach(async () => {
  api = await ApiInMemory.start({ settings: { waitAllocatedSecs: 0 } });
});
afterEach(() => api.close());

describe('POST /requests', () => {
  it('accepts a request once, however often it comes', async () => {
    const body = allocateBody({ count: 2 });
    const first = await api.ask('POST', '/requests', body);
    expect(first).toMatchObject({
      status: 201,
      body: { id: 'client-1~request-1', owner: 'client-1', state: 'WAITING', resources: { NEW: 2 }, labels: { tags: 'ingest' } },
    });
    expect(first.headers.get('location')).toBe('/api/v1/requests/client-1~request-1');
    expect(await api.ask('POST', '/requests', body)).toMatchObject({ status: 200, body: first.body });
    expect(await api.ask('GET', '/requests/client-1~request-1')).toMatchObject({ status: 200, body: first.body });
    expect(await api.ask('POST', '/requests', { ...body, count: 3 })).toMatchObject({
      status: 409,
      body: { error: { field: 'request_id' } },
    });
  });

  it('has the resources ALLOCATED without anybody waiting for them', async () => {
    await api.ask('POST', '/requests', allocateBody());
    await api.offers(offer('o1'));
    await api.status('streams_resource_0_0', 'TASK_RUNNING');
    await expect
      .poll(async () => (await api.ask('GET', '/resources/resource_0')).body, { timeout: 10_000 })
      .toMatchObject({ id: 'resource_0', state: 'RUNNING', request_state: 'ALLOCATED', host: 'agent-1.example' });
  });

  it.each([
    [{ count: undefined }, 'count', /required/],
    [{ count: 0 }, 'count', /0/],
    [{ count: 'two' }, 'count', /"two"/],
    [{ each: { cpus: -1, mem: 1 } }, 'each.cpus', /-1/],
    [{ each: { cpus: 1 } }, 'each.mem', /required/],
    [{ surprise: 1 }, 'surprise', /no such field/],
    [{ workload: { command: 5 } }, 'workload.command', /5/],
    [{ constraints: [{ field: 'rack', operator: 'NEAR' }] }, 'constraints[0].operator', /NEAR/],
    [{ client_id: 'scaling' }, 'client_id', /scaling/],
    [{ request_id: '' }, 'request_id', /characters/],
  ])('refuses %j, naming the field', async (fault, field, message) => {
    const refused = await api.ask('POST', '/requests', { ...allocateBody(), ...fault });
    expect(refused).toMatchObject({ status: 400, body: { error: { field, message: expect.stringMatching(message) as string } } });
    expect((await api.ask('GET', '/requests')).body).toEqual({ requests: [] });
  });

  it('refuses what is no object', async () => {
    expect(await api.ask('POST', '/requests', [1])).toMatchObject({ status: 400, body: { error: { field: '' } } });
  });

  it('keeps apart requests of the same id of two clients, and finds ids with any characters in them', async () => {
    const names = [
      ['a~b', 'c'],
      ['a', 'b~c'],
      ['../x', 'größer ☕ %2F?#'],
      ['a.7Eb', 'c'],
    ] as const;
    for (const [clientId, requestId] of names) {
      await api.ask('POST', '/requests', allocateBody({ client_id: clientId, request_id: requestId }));
    }
    const { requests } = (await api.ask('GET', '/requests')).body as { requests: { id: string }[] };
    expect(new Set(requests.map(({ id }) => id)).size).toBe(names.length);
    for (const { id } of requests) {
      expect(id).toMatch(/^[A-Za-z0-9._~-]+$/);
      expect(await api.ask('GET', `/requests/${id}`)).toMatchObject({ status: 200, body: { id } });
    }
  });
});

describe('GET /requests', () => {
  const list = async (query = ''): Promise<{ requests: { request_id: string }[]; next?: string }> =>
    (await api.ask('GET', `/requests${query}`)).body;
  const post = (requestId: string, more = {}) => api.ask('POST', '/requests', allocateBody({ request_id: requestId, ...more }));

  it('shows every request once, page by page, whatever comes and goes meanwhile', async () => {
    for (let n = 0; n < 7; n += 1) await post(`r${n}`);
    const first = await list('?limit=3');
    await api.ask('DELETE', '/requests/client-1~r0');
    await post('late');
    const second = await list(`?limit=3&cursor=${first.next}`);
    const third = await list(`?limit=3&cursor=${second.next}`);
    const shown = [first, second, third].flatMap(({ requests }) => requests.map((one) => one.request_id));
    expect(shown).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'late']);
    expect(third.next).toBeUndefined();
  });

  it('filters by owner, state and label', async () => {
    await post('r0');
    await post('r1', { client_id: 'other', labels: { team: 'a:b' } });
    await api.ask('DELETE', '/requests/client-1~r0');
    const ids = async (query: string) => (await list(query)).requests.map((one) => one.request_id);
    expect(await ids('?owner=other')).toEqual(['r1']);
    expect(await ids('?client_id=client-1')).toEqual(['r0']);
    expect(await ids('?state=WAITING')).toEqual(['r1']);
    expect(await ids('?state=ENDED')).toEqual(['r0']);
    expect(await ids('?label=team')).toEqual(['r1']);
    expect(await ids('?label=team:a:b')).toEqual(['r1']);
    expect(await ids('?label=team:a')).toEqual([]);
    expect(await ids('?label=__proto__')).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=x', 'cursor'],
    ['state=waiting', 'state'],
    ['label=:x', 'label'],
    ['owner=a&owner=b', 'owner'],
    ['owner=a&client_id=b', 'client_id'],
    ['surprise=1', 'surprise'],
  ])('refuses ?%s, naming the parameter', async (query, field) => {
    expect(await api.ask('GET', `/requests?${query}`)).toMatchObject({ status: 400, body: { error: { field } } });
  });
});

describe('DELETE', () => {
  it('of a request cancels what waits and releases what is allocated; twice is harmless', async () => {
    await api.ask('POST', '/requests', allocateBody({ count: 2 }));
    await api.offers(offer('o1', { cpus: 1 }));
    await api.status('streams_resource_0_0', 'TASK_RUNNING');
    await expect
      .poll(async () => (await api.ask('GET', '/resources/resource_0')).body, { timeout: 10_000 })
      .toMatchObject({ request_state: 'ALLOCATED' });
    for (let time = 0; time < 2; time += 1) {
      expect(await api.ask('DELETE', '/requests/client-1~request-1')).toMatchObject({
        status: 200,
        body: {
          resource_list: [
            { id: 'resource_0', state: 'STOPPING', request_state: 'RELEASED' },
            { id: 'resource_1', state: 'CANCELLED', request_state: 'CANCELLED' },
          ],
        },
      });
    }
  });

  it('of one resource leaves the others', async () => {
    await api.ask('POST', '/requests', allocateBody({ count: 2 }));
    expect(await api.ask('DELETE', '/resources/resource_1')).toMatchObject({ status: 200, body: { state: 'CANCELLED' } });
    const left = await api.ask('GET', '/resources?state=NEW');
    expect(left.body).toMatchObject({ resources: [{ id: 'resource_0' }] });
  });

  it('of what is unknown is 404, of scaled nodes 409 with the remedy', async () => {
    await api.ask('PUT', '/config', { num_of_node: 1 });
    expect(await api.ask('DELETE', '/requests/x~y')).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    expect(await api.ask('DELETE', '/requests/%zz')).toMatchObject({ status: 400 });
    expect(await api.ask('GET', '/requests/.FF~y')).toMatchObject({ status: 404 });
    expect(await api.ask('DELETE', '/resources/resource_9')).toMatchObject({ status: 404 });
    for (const path of ['/requests/scaling', '/resources/resource_0']) {
      expect(await api.ask('DELETE', path)).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringContaining('num_of_node') as string } },
      });
    }
    expect(await api.ask('GET', '/requests/scaling')).toMatchObject({ status: 200, body: { id: 'scaling', owner: 'scaling' } });
  });
});
