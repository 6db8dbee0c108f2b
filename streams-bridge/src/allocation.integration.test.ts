import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { until } from '@streams-on-mesos/local-environment';
import type { Envelope, Reply, Resource } from '@streams-on-mesos/messages';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { resource, type AllocationOnTheWire } from './testing/allocation-on-the-wire.js';
import { bridgeUnderTest, client } from './testing/bridge-under-test.js';

const body = (fields: object = {}, info: object = {}) => ({
  requestId: 'request-1',
  client,
  info: { instanceId: 'I', count: 2, type: 'SYNCHRONOUS', tags: { names: ['ingest'], definitions: {} }, ...info },
  ...fields,
});
const allocate = (url: string, fields: object = {}, info: object = {}) =>
  supertest(url).post('/resourcemgr/v1/allocateResources').send(body(fields, info));

const launched = ['resource_0', 'resource_1'].map((id) => resource({ id, state: 'RUNNING', host: `host-of-${id}` }));
const asked = (allocation: AllocationOnTheWire, kind: 'allocate' | 'settle'): Envelope[] =>
  allocation.asked.filter((envelope) => envelope[kind] !== undefined);

/** Allocates two resources; settles those that are in `ready` as allocated. */
const script =
  (ready: readonly Resource[], resources: readonly Resource[] = launched) =>
  (envelope: Envelope): Omit<Reply, 'in_reply_to'> | undefined => {
    if (envelope.allocate !== undefined) return { resources: { resources: [...resources] } };
    if (envelope.settle === undefined) return undefined;
    return { settled: { outcomes: resources.map((each) => ({ resource: each, allocated: ready.includes(each) })), sequence: 7 } };
  };

describe('allocateResources', () => {
  it('waits until the resources are ready, then says ALLOCATED', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '-1' });
    allocation.answer = script(launched);
    const answer = allocate(url, {}, { tags: { names: ['a'], definitions: { a: { type: 'PROPERTIES', properties: { cores: '0.5' } } } } });
    const answered = answer.then((response) => response);
    const sent = await until('the request', 15_000, () => asked(allocation, 'allocate')[0]);
    expect(sent.allocate).toMatchObject({
      request_id: 'request-1',
      client_id: 'controller',
      count: 2,
      each: { cpus: 0.5, mem: 4096 },
      task_prefix: 'streams',
      labels: { 'streams.master': 'false', 'streams.tags': '["a"]', 'streams.instance': 'I' },
    });
    expect(sent.deadline_ms).toBeGreaterThan(Date.now());
    expect(sent.trace_id).toBe('request-1');
    expect(asked(allocation, 'settle')).toEqual([]);

    allocation.copy({ request_ready: { client_id: 'controller', request_id: 'request-1' } });
    const { status, body: answerBody } = await answered;
    expect(status).toBe(200);
    expect(answerBody).toEqual({
      states: ['resource_0', 'resource_1'].map((id) => ({
        state: 'ALLOCATED',
        descriptor: { type: 'mesos', kind: 'CONTAINER', nativeResourceId: id, displayName: `mesos_${id}`, hostName: `host-of-${id}` },
      })),
    });
  });

  it('says PENDING of what is not there when the wait is over', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_ASYNC_SECS: '0.1' });
    const waiting = resource({ id: 'resource_1' });
    allocation.answer = script(launched.slice(0, 1), [...launched.slice(0, 1), waiting]);
    const { body: answer } = await allocate(url, {}, { type: 'ASYNCHRONOUS' }).expect(200);
    expect(answer).toMatchObject({
      states: [
        { state: 'ALLOCATED', descriptor: { nativeResourceId: 'resource_0', hostName: 'host-of-resource_0' } },
        { state: 'PENDING', descriptor: { nativeResourceId: 'resource_1', hostName: null } },
      ],
    });
  });

  it('neither waits for, nor promises, what has failed or was given back', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '-1' });
    const lost = [
      resource({ id: 'resource_2', state: 'FAILED' }),
      resource({ id: 'resource_3', state: 'STOPPING', request_state: 'REQUEST_CANCELLED' }),
    ];
    allocation.answer = script([], lost);
    expect((await allocate(url).expect(200)).body).toEqual({ states: [] });
    const { body: answer } = await supertest(url)
      .post('/resourcemgr/v1/allocateMasterResource')
      .send({ requestId: randomUUID(), client, info: { tags: { names: [], definitions: {} } } })
      .expect(504);
    expect(answer).toMatchObject({ error: { code: 'CDISR6027E' } });
  });

  it('answers at once what was settled before', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '-1' });
    const settled = launched.map((each): Resource => ({ ...each, request_state: 'REQUEST_ALLOCATED' }));
    allocation.answer = script(settled, settled);
    await allocate(url).expect(200);
    expect(asked(allocation, 'allocate')).toHaveLength(1);
  });

  it('goes on for a caller that has gone, who gets the answer by asking again', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '-1' });
    allocation.answer = script(launched);
    const gone = httpRequest(`${url}/resourcemgr/v1/allocateResources`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    gone.on('error', () => undefined);
    gone.end(JSON.stringify(body()));
    await until('the request', 15_000, () => asked(allocation, 'allocate').length > 0);
    gone.destroy();
    allocation.copy({ request_ready: { client_id: 'controller', request_id: 'request-1' } });
    await until('the settlement', 15_000, () => asked(allocation, 'settle').length > 0);
    const settled = launched.map((each): Resource => ({ ...each, request_state: 'REQUEST_ALLOCATED' }));
    allocation.answer = script(settled, settled);
    const { body: answer } = await allocate(url).expect(200);
    expect(answer).toMatchObject({ states: [{ state: 'ALLOCATED' }, { state: 'ALLOCATED' }] });
  });

  it('asks again by itself when the hint got lost', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_FLEXIBLE_SECS: '-1' });
    allocation.answer = (envelope) => {
      const settled = launched.map((each): Resource => ({ ...each, request_state: 'REQUEST_ALLOCATED' }));
      return asked(allocation, 'allocate').length > 1 ? script(settled, settled)(envelope) : script(launched)(envelope);
    };
    await allocate(url, {}, { type: 'FLEXIBLE' }).expect(200);
    const ids = asked(allocation, 'allocate').map(({ allocate: request }) => request?.request_id);
    expect(ids).toEqual(['request-1', 'request-1']);
  });

  it('makes up a request id when there is none, and ignores fields it does not know', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '0' });
    allocation.answer = script(launched);
    await allocate(url, { requestId: undefined, extra: 1 }, { raw: 'AllocateInfo[…]' }).expect(200);
    expect(asked(allocation, 'allocate')[0]?.allocate?.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('cuts a count above the limit, and gives nothing to who asks for nothing', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '0', MAX_RESOURCES_PER_REQUEST: '3' });
    allocation.answer = script(launched);
    await allocate(url, {}, { count: 1e15 }).expect(200);
    expect(asked(allocation, 'allocate')[0]?.allocate?.count).toBe(3);
    const { body: nothing } = await allocate(url, { requestId: 'other' }, { count: 0 }).expect(200);
    expect(nothing).toEqual({ states: [] });
  });

  it.each([
    [{}, { count: -1 }, 'info.count'],
    [{}, { count: 1.5 }, 'info.count'],
    [{}, { count: '2' }, 'info.count'],
    [{}, { type: 'LATER' }, 'info.type'],
    [{ client: { ...client, clientId: '' } }, {}, 'client.clientId'],
    [{ client: undefined }, {}, 'client'],
    [{ requestId: 7 }, {}, 'requestId'],
  ])('refuses %j %j, naming %s', async (fields, info, field) => {
    const { url, allocation } = await bridgeUnderTest();
    const { body: answer } = await allocate(url, fields, info).expect(400);
    expect(answer).toMatchObject({
      error: {
        exception: 'ResourceManagerException',
        key: 'ERR_RM_UNEXPECTED_ERROR_WITH_MSG',
        code: 'CDISR6001E',
        args: ['mesos', expect.stringContaining(field) as string],
        field,
        message: expect.stringContaining(field) as string,
      },
    });
    expect(allocation.asked).toEqual([]);
  });

  it('refuses tags it cannot read, without asking for anything', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const tags = { names: ['t'], definitions: { t: { type: 'PROPERTIES', properties: { cores: '-1' } } } };
    const { body: answer } = await allocate(url, {}, { tags }).expect(422);
    expect(answer).toMatchObject({ error: { exception: 'ResourceTagException', code: 'CDISR6006E', args: ['mesos', 't', 'cores', '-1'] } });
    expect(allocation.asked).toEqual([]);
  });

  it('serves one domain when it is configured to', async () => {
    const { url } = await bridgeUnderTest({ STREAMS_DOMAIN_ID: 'Other' });
    const { body: answer } = await allocate(url).expect(409);
    expect(answer).toMatchObject({ error: { code: 'CDISR6001E', field: 'client.domainId' } });
  });

  it('is not available, for a bounded time and no longer, without allocation-service or broker', async () => {
    const { url } = await bridgeUnderTest({ REQUEST_TIMEOUT_SECS: '0.3' });
    const unavailable = { error: { key: 'ERR_RM_IS_NOT_AVAILABLE', code: 'CDISR6002E', args: ['mesos'] } };
    expect((await allocate(url).expect(503)).body).toMatchObject(unavailable);

    const alone = await bridgeUnderTest({ REQUEST_TIMEOUT_SECS: '0.3', RABBITMQ_URL: 'amqp://127.0.0.1:1' });
    expect((await allocate(alone.url).expect(503)).body).toMatchObject(unavailable);
    const { body: readiness } = await supertest(alone.url).get('/readyz').expect(503);
    expect(JSON.stringify(readiness)).toContain('RabbitMQ');
  });

  it('is not available any more when it is told to stop amid a wait', async () => {
    const { url, allocation, stop } = await bridgeUnderTest({ WAIT_SYNC_SECS: '-1' });
    allocation.answer = script(launched);
    const answer = allocate(url).then(
      ({ status }) => status,
      () => 'cut',
    );
    await until('the request', 15_000, () => asked(allocation, 'allocate').length > 0);
    stop();
    expect([503, 'cut']).toContain(await answer);
    expect(asked(allocation, 'settle')).toEqual([]);
  });
});

describe('allocateMasterResource', () => {
  it('answers with one descriptor, pending or not', async () => {
    const { url, allocation } = await bridgeUnderTest({ WAIT_SYNC_SECS: '0' });
    const waiting = resource({ id: 'resource_4' });
    allocation.answer = script([], [waiting]);
    const { body: answer } = await supertest(url)
      .post('/resourcemgr/v1/allocateMasterResource')
      .send({ requestId: randomUUID(), client, info: { tags: { names: ['jmx', 'sws'], definitions: {} } } })
      .expect(200);
    expect(answer).toEqual({
      descriptor: {
        type: 'mesos',
        kind: 'CONTAINER',
        nativeResourceId: 'resource_4',
        displayName: 'mesos_resource_4',
        hostName: null,
      },
    });
    const sent = asked(allocation, 'allocate')[0];
    expect(sent?.allocate).toMatchObject({ count: 1, each: { cpus: 2, mem: 4096 }, labels: { 'streams.master': 'true' } });
    expect(sent?.allocate?.workload.command).toContain('mesos_');
  });
});
