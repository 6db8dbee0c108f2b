import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { allocateBody, offer } from '../domain/testing/builders.js';
import { ApiInMemory } from '../testing/api-in-memory.js';
import { EventReader } from '../testing/event-reader.js';

let api: ApiInMemory;
beforeEach(async () => {
  api = await ApiInMemory.start({ term: 7 });
});
afterEach(() => api.close());

const follow = async (lastEventId?: string, from = api): Promise<EventReader> => {
  const reader = await EventReader.open(from.url, lastEventId);
  onTestFinished(() => reader.close());
  return reader;
};
const post = async (requestId: string, more = {}): Promise<void> => {
  const { status, body } = await api.ask('POST', '/requests', allocateBody({ request_id: requestId, ...more }));
  expect({ status, body }).toMatchObject({ status: 201 });
};

describe('GET /events', () => {
  it('tells the whole state first, then every change, each with the next id', async () => {
    await post('before');
    const reader = await follow();
    const snapshot = await reader.next();
    expect(snapshot).toMatchObject({
      event: 'snapshot',
      data: { requests: [{ id: 'client-1~before' }], resources: [{ id: 'resource_0', request_state: 'PENDING' }], tasks: [], config: null },
    });
    await api.offers(offer('o1'));
    const seen = [await reader.next(), await reader.next()];
    expect(seen).toMatchObject([
      { event: 'resource', data: { kind: 'resource', id: 'resource_0', value: { state: 'LAUNCHED', host: 'agent-1.example' } } },
      { event: 'task', data: { id: 'streams_resource_0_0', value: { agent_id: 'agent-1', phase: 'LAUNCHED' } } },
    ]);
    const numbers = [snapshot, ...seen].map(({ id }) => Number(/^7-(\d+)$/.exec(id)?.[1]));
    expect(numbers).toEqual([0, 1, 2].map((n) => (numbers[0] ?? NaN) + n));
  });

  it('goes on where the client was', async () => {
    const reader = await follow();
    const { id } = await reader.next();
    await post('r1');
    const missed = [await reader.next(), await reader.next()];
    reader.close();
    await api.ask('PUT', '/config', { num_of_node: 1 });
    const resumed = await follow(id);
    expect([await resumed.next(), await resumed.next()]).toEqual(missed);
    await expect.poll(async () => (await resumed.next()).event, { interval: 1 }).toBe('config');
  });

  it.each(['6-3', '7-999999', 'x', '', '7-0'])('begins with the whole state for who was last told %j', async (lastEventId) => {
    await api.close();
    api = await ApiInMemory.start({ term: 7, feed: { events: 3, characters: 1_000_000 } });
    for (const name of ['a', 'b', 'c', 'd']) await post(name);
    const reader = await follow(lastEventId);
    expect(await reader.next()).toMatchObject({ event: 'snapshot', data: { requests: { length: 4 } } });
    await post('e');
    expect(await reader.next()).toMatchObject({ data: { id: expect.stringMatching(/e$|state/) as string } });
  });

  it('says what is removed', async () => {
    await api.close();
    api = await ApiInMemory.start({ term: 7, settings: { requestKeptSecs: 0 } });
    await post('r1');
    await api.ask('DELETE', '/requests/client-1~r1');
    const reader = await follow();
    await reader.next();
    // The id is free again, and is given to another request: what it was before is forgotten.
    await post('r1', { count: 2 });
    const events = [];
    do events.push(await reader.next());
    while (events.at(-1)?.data.value !== null);
    expect(events.at(-1)).toMatchObject({ event: 'resource', data: { id: 'resource_0', value: null } });
  });

  it('ends when the term does', async () => {
    const reader = await follow();
    await reader.next();
    api.term.changes.end();
    await expect(reader.next()).rejects.toThrow('ended');
  });

  it('turns away who comes when there are too many, until one has gone', async () => {
    const readers = await Promise.all(Array.from({ length: 64 }, () => follow()));
    expect(await api.ask('GET', '/events')).toMatchObject({
      status: 503,
      body: { error: { message: expect.stringContaining('64') as string } },
    });
    readers[0]?.close();
    await expect.poll(async () => (await follow().catch(() => undefined)) !== undefined).toBe(true);
  });

  it('holds nothing for a client that does not read, and has it begin anew', async () => {
    await api.close();
    api = await ApiInMemory.start({ term: 7, feed: { events: 20, characters: 100_000_000 } });
    const { host, port, hostname } = new URL(api.url);
    const socket: Socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.pause();
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const labels = { padding: 'x'.repeat(7_000) };
    for (let n = 0; n < 60; n += 1) await post(`r${n}`, { labels, count: 100 });
    // It was told the first ones; when it reads on, what it missed is no longer kept.
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.resume();
    await expect.poll(() => text.split('event: snapshot').length - 1, { timeout: 10_000 }).toBeGreaterThan(1);
  });
});
