import { until } from '@streams-on-mesos/local-environment';
import type { ClientEvent } from '@streams-on-mesos/messages';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { encodeLabels } from './domain/labels.js';
import { resource, type AllocationOnTheWire } from './testing/allocation-on-the-wire.js';
import { bridgeUnderTest } from './testing/bridge-under-test.js';

const revoked = (sequence: number, clientId = 'controller', kind: ClientEvent.Kind = 'REVOKED'): ClientEvent => ({
  sequence,
  client_id: clientId,
  kind,
  resources: [resource({ id: `resource_${sequence}`, owner: clientId, host: 'agent1', labels: encodeLabels({ master: false, tags: [] }) })],
});

/** Answers ReadEvents from a growing list, as allocation-service does. */
const serve = (allocation: AllocationOnTheWire, events: ClientEvent[]): void => {
  allocation.answer = ({ read_events: read }) => {
    if (read === undefined) return undefined;
    const found = events.filter(({ sequence, client_id }) => sequence > read.after && (read.client_id ?? client_id) === client_id);
    return { events: { events: found, sequence: events.at(-1)?.sequence ?? 0 } };
  };
};
const get = (url: string, query: object) => supertest(url).get('/resourcemgr/v1/notifications').query(query);

describe('GET /resourcemgr/v1/notifications', () => {
  it('tells what came after a number, of one client or of all', async () => {
    const { url, allocation } = await bridgeUnderTest();
    serve(allocation, [revoked(1), revoked(2, 'other'), revoked(3)]);
    const all = await get(url, {}).expect(200);
    expect((all.body as { notifications: { seq: number }[] }).notifications.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    const { body } = await get(url, { after: 1, clientId: 'controller' }).expect(200);
    expect(body).toEqual({
      notifications: [
        {
          seq: 3,
          method: 'resourcesRevoked',
          clientId: 'controller',
          descriptors: [
            { type: 'mesos', kind: 'CONTAINER', nativeResourceId: 'resource_3', displayName: 'mesos_resource_3', hostName: 'agent1' },
          ],
        },
      ],
      seq: 3,
    });
  });

  it('waits for an event and answers as soon as there is one', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const events: ClientEvent[] = [];
    serve(allocation, events);
    const answer = get(url, { after: 0, waitMs: 60_000 }).then(({ body }) => body as unknown);
    await until('the reader', 15_000, () => allocation.asked.length > 0);
    events.push(revoked(1));
    allocation.copy({ client_event: revoked(1) });
    expect(await answer).toMatchObject({ notifications: [{ seq: 1 }], seq: 1 });
  });

  it('says that there was nothing when the wait is over', async () => {
    const { url, allocation } = await bridgeUnderTest();
    serve(allocation, []);
    expect((await get(url, { after: 0, waitMs: 50 }).expect(200)).body).toEqual({ notifications: [], seq: 0 });
  });

  it('passes on the snapshot that replaces what is no longer kept', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const { resources } = revoked(5);
    allocation.answer = () => ({ events: { events: [], sequence: 99, snapshot: { resources: resources ?? [] } } });
    expect((await get(url, { after: 1, waitMs: 60_000 }).expect(200)).body).toMatchObject({
      notifications: [],
      seq: 99,
      snapshot: [{ clientId: 'controller', descriptors: [{ nativeResourceId: 'resource_5' }] }],
    });
  });

  it('streams events to who accepts that, from Last-Event-ID on', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const events = [revoked(1), revoked(2)];
    serve(allocation, events);
    const leave = new AbortController();
    const response = await fetch(`${url}/resourcemgr/v1/notifications`, {
      headers: { accept: 'text/event-stream', 'last-event-id': '1' },
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);
    await until('the second event', 15_000, () => text.includes('id: 2\nevent: resourcesRevoked\ndata: {"seq":2'));
    events.push(revoked(3));
    allocation.copy({ client_event: revoked(3) });
    await until('the third event', 15_000, () => text.includes('id: 3\n'));
    expect(text).not.toContain('id: 1\n');
    leave.abort();
    await reading;
  });

  it('tells that resources are about to be taken away, as resourcesRevokeImminent, in a page and in a stream', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const events = [revoked(1, 'controller', 'REVOKE_IMMINENT')];
    serve(allocation, events);
    const descriptors = [{ nativeResourceId: 'resource_1', hostName: 'agent1' }];
    const told = { seq: 1, method: 'resourcesRevokeImminent', clientId: 'controller', descriptors };
    expect((await get(url, {}).expect(200)).body).toMatchObject({ notifications: [told], seq: 1 });
    const stream = await fetch(`${url}/resourcemgr/v1/notifications`, { headers: { accept: 'text/event-stream' } });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('\n\n')) text += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(text).toMatch(/^id: 1\nevent: resourcesRevokeImminent\ndata: /);
    expect(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '')).toMatchObject(told);
  });

  it('warns after a snapshot of what it has on agents that are to be maintained; both have to arrive before they count', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const resources = (revoked(5).resources ?? []).map((one) => ({ ...one, maintenance: { start_ms: 1_000 } }));
    allocation.answer = ({ read_events: read }) => ({
      events: { events: [], sequence: 99, ...(read?.after === 99 ? {} : { snapshot: { resources } }) },
    });
    const told = { seq: 99, method: 'resourcesRevokeImminent', clientId: 'controller', descriptors: [{ nativeResourceId: 'resource_5' }] };
    expect((await get(url, { after: 1 }).expect(200)).body).toMatchObject({ notifications: [told], seq: 99, snapshot: [{}] });
    const stream = await fetch(`${url}/resourcemgr/v1/notifications`, { headers: { accept: 'text/event-stream' } });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('Imminent')) text += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(text).toMatch(/^event: snapshot\ndata: .*\n\nid: 99\nevent: resourcesRevokeImminent\ndata: /);
  });

  it('refuses a number that is none, and is not available without allocation-service', async () => {
    const { url } = await bridgeUnderTest({ REQUEST_TIMEOUT_SECS: '0.3' });
    expect((await get(url, { after: -1 }).expect(400)).body).toMatchObject({ error: { field: 'after' } });
    expect((await get(url, { waitMs: 'long' }).expect(400)).body).toMatchObject({ error: { field: 'waitMs' } });
    expect((await get(url, { waitMs: 100 }).expect(503)).body).toMatchObject({ error: { code: 'CDISR6002E' } });
  });
});
