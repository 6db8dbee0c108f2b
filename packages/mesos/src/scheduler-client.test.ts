import { describe, expect, it } from 'vitest';
import { decline, revive } from './calls.js';
import { SchedulerClient } from './scheduler-client.js';
import { kindOf, startClient, startMaster, subscribed } from './testing/clients.js';

describe.each(['protobuf', 'json'] as const)('SchedulerClient in %s', (encoding) => {
  it('subscribes, receives, calls, and comes back with its id after a cut', async () => {
    const master = await startMaster(encoding);
    const { client, next } = startClient(master.url, { encoding, suppressedRoles: () => ['test'] });
    const told = next();
    const first = await master.subscribes.next();
    const mediaType = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
    expect(first.headers).toMatchObject({ 'content-type': mediaType, accept: mediaType });
    expect(first.headers).not.toHaveProperty('mesos-stream-id');
    expect(first.path).toBe('/api/v1/scheduler');
    expect(first.call).toEqual({
      type: 'SUBSCRIBE',
      subscribe: {
        framework_info: { user: 'nobody', name: 'test', roles: ['test'], capabilities: [{ type: 'MULTI_ROLE' }] },
        suppressed_roles: ['test'],
      },
    });
    first.accept('fw-7', 'stream-a');
    expect(await told).toMatchObject({ kind: 'subscribed', frameworkId: 'fw-7', newFramework: true, streamId: 'stream-a' });

    first.send({ type: 'HEARTBEAT' }, { type: 'RESCIND', rescind: { offer_id: { value: 'ö1' } } });
    expect(await next()).toEqual({ kind: 'event', event: { type: 'RESCIND', rescind: { offer_id: { value: 'ö1' } } } });

    expect(await client.call(decline(['ö1']))).toEqual({ result: 'sent' });
    const call = await master.calls.next();
    expect(call.headers).toMatchObject({ 'content-type': mediaType, 'mesos-stream-id': 'stream-a' });
    expect(call.call).toEqual({ type: 'DECLINE', framework_id: { value: 'fw-7' }, decline: { offer_ids: [{ value: 'ö1' }] } });

    first.cut();
    expect(kindOf(await next())).toBe('disconnected');
    expect(await client.call(revive())).toEqual({ result: 'not-sent', reason: 'not subscribed' });
    const again = next();
    const second = await master.subscribes.next();
    expect(second.call).toMatchObject({
      framework_id: { value: 'fw-7' },
      subscribe: { framework_info: { id: { value: 'fw-7' } }, suppressed_roles: ['test'] },
    });
    second.accept('fw-7', 'stream-b');
    expect(await again).toMatchObject({ kind: 'subscribed', newFramework: false, streamId: 'stream-b' });
    expect(await client.call(revive())).toEqual({ result: 'sent' });
    expect((await master.calls.next()).headers['mesos-stream-id']).toBe('stream-b');
  });
});

describe('SchedulerClient', () => {
  it('follows a protocol-relative redirect to the leader', async () => {
    const [standby, leader] = [await startMaster(), await startMaster()];
    const { next } = startClient(standby.host);
    const told = next();
    (await standby.subscribes.next()).refuse(307, '', { Location: `//${leader.host}/master/api/v1/scheduler` });
    (await leader.subscribes.next()).accept();
    expect(kindOf(await told)).toBe('subscribed');
  });

  it('finds the leader of a list of masters, and switches when another one leads', async () => {
    const masters = [await startMaster(), await startMaster()] as const;
    masters.forEach((master) => (master.leader = masters[1].host));
    const { next } = startClient(`127.0.0.1:1,${masters[0].host},${masters[1].host}`);
    const told = next();
    const first = await masters[1].subscribes.next();
    first.accept();
    expect(kindOf(await told)).toBe('subscribed');
    masters.forEach((master) => (master.leader = masters[0].host));
    expect(kindOf(await next())).toBe('disconnected');
    const again = next();
    (await masters[0].subscribes.next()).accept();
    expect(kindOf(await again)).toBe('subscribed');
    await first.closed;
  });

  it.each([400, 401, 403, 404, 415, 503])('tries again after %i', async (status) => {
    const master = await startMaster();
    const { next, logs } = startClient(master.host);
    const told = next();
    (await master.subscribes.next()).refuse(status, 'because');
    (await master.subscribes.next()).accept();
    expect(kindOf(await told)).toBe('subscribed');
    expect(logs.join()).toContain(`answered with ${status} (because)`);
  });

  it('tries again after bytes that are no stream', async () => {
    const { master, subscription, next } = await subscribed();
    subscription.sendBytes(Buffer.from('<html>'));
    expect(await next()).toMatchObject({
      kind: 'disconnected',
      cause: 'stream-lost',
      reason: expect.stringContaining('not a RecordIO stream'),
    });
    const told = next();
    (await master.subscribes.next()).accept();
    expect(kindOf(await told)).toBe('subscribed');
    await subscription.closed;
  });

  it('gives up a stream whose record is above the limit', async () => {
    const { subscription, next } = await subscribed({ recordLimitBytes: 1_000 });
    subscription.sendBytes(Buffer.from('1001\n'));
    expect(await next()).toMatchObject({ kind: 'disconnected', reason: expect.stringContaining('above the limit of 1000 bytes') });
  });

  it('ends when another instance took over, and does not subscribe again', async () => {
    const { master, subscription, client, next } = await subscribed();
    subscription.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
    expect([kindOf(await next()), kindOf(await next()), kindOf(await next())]).toEqual(['disconnected', 'failed-over', 'end']);
    await subscription.closed;
    expect(client.status.phase).toBe('stopped');
    expect(master.subscribes.all).toHaveLength(1);
  });

  it('forgets a removed framework when told to', async () => {
    const master = await startMaster();
    const { next } = startClient(master.host, { frameworkId: 'gone', onFrameworkRemoved: 'forget' });
    const told = next();
    const first = await master.subscribes.next();
    expect(first.call.framework_id).toEqual({ value: 'gone' });
    first.open();
    first.send({ type: 'ERROR', error: { message: 'Framework has been removed' } });
    expect(await told).toEqual({ kind: 'framework-removed', frameworkId: 'gone', reason: 'Framework has been removed' });
    const again = next();
    const second = await master.subscribes.next();
    expect(second.call.framework_id).toBeUndefined();
    second.accept('fresh');
    expect(await again).toMatchObject({ kind: 'subscribed', frameworkId: 'fresh', newFramework: true });
  });

  it('ends without an error when aborted, and closes its connections', async () => {
    const { subscription, client, abort, next } = await subscribed();
    const last = next();
    abort.abort();
    expect(kindOf(await last)).toBe('end');
    await subscription.closed;
    expect(await client.call(revive())).toMatchObject({ result: 'not-sent' });
  });

  it('tells nothing any more once it is aborted', async () => {
    const { subscription, client, abort, next, master } = await subscribed();
    subscription.send(
      { type: 'RESCIND', rescind: { offer_id: { value: 'o1' } } },
      { type: 'RESCIND', rescind: { offer_id: { value: 'o2' } } },
    );
    expect(kindOf(await next())).toBe('event');
    expect(await client.call(revive())).toEqual({ result: 'sent' });
    abort.abort();
    expect(kindOf(await next())).toBe('end');
    expect(master.subscribes.all).toHaveLength(1);
  });

  it('ends the subscription when its user leaves the loop', async () => {
    const master = await startMaster();
    const client = new SchedulerClient({ master: master.host, frameworkInfo: { user: 'nobody', name: 'test' } });
    const loop = (async () => {
      for await (const notice of client.subscribe({ signal: new AbortController().signal })) return notice.kind;
      return 'nothing';
    })();
    const subscription = await master.subscribes.next();
    subscription.accept();
    expect(await loop).toBe('subscribed');
    await subscription.closed;
  });

  it('subscribes once', async () => {
    const { client, abort } = await subscribed();
    await expect(client.subscribe({ signal: abort.signal }).next()).rejects.toThrow('can be called once');
  });

  it('leaves events with the master while its user takes none, and stays subscribed', async () => {
    const { client, subscription, next } = await subscribed();
    const message = { agent_id: { value: 'a' }, executor_id: { value: 'e' }, data: Buffer.alloc(1_500).toString('base64') };
    for (let index = 0; index < 20_000; index++) subscription.send({ type: 'MESSAGE', message });
    await expect.poll(() => client.lag.waitingEvents).toBeGreaterThan(1_000);
    // each answer takes turns in which the stream would be read on
    for (let turn = 0; turn < 200; turn++) await client.call(revive());
    expect(client.lag.waitingEvents).toBeLessThan(1_200);
    for (let taken = 0; taken < 20_000; taken++) expect(kindOf(await next())).toBe('event');
    expect(client.status.phase).toBe('subscribed');
  });

  it.each(['protobuf', 'json'] as const)(
    'lets no more bytes wait than it was told, however few events they are, in %s',
    async (encoding) => {
      const { client, subscription, next } = await subscribed({ encoding, maxWaitingBytes: 100_000 });
      const data = Buffer.alloc(10_000).toString('base64');
      for (let index = 0; index < 500; index++)
        subscription.send({ type: 'MESSAGE', message: { agent_id: { value: 'a' }, executor_id: { value: String(index) }, data } });
      await expect.poll(() => client.lag.waitingEvents).toBeGreaterThan(5);
      for (let turn = 0; turn < 200; turn++) await client.call(revive());
      expect(client.lag.waitingEvents).toBeLessThan(30);
      for (let index = 0; index < 500; index++)
        expect(await next()).toMatchObject({ event: { message: { executor_id: { value: String(index) } } } });
      expect(client.status.phase).toBe('subscribed');
    },
  );

  it.each(['protobuf', 'json'] as const)(
    'does not decode all of a large event for a user who takes none of it, in %s',
    async (encoding) => {
      const { client, subscription, next } = await subscribed({ encoding, maxWaitingBytes: 100_000 });
      const offers = Array.from({ length: 10_000 }, (_, n) => ({
        id: { value: `o${n}` },
        framework_id: { value: 'f' },
        agent_id: { value: `s${n}` },
        hostname: 'h'.repeat(100),
      }));
      subscription.send({ type: 'OFFERS', offers: { offers } });
      await expect.poll(() => client.lag.waitingEvents).toBeGreaterThan(2);
      for (let turn = 0; turn < 200; turn++) await client.call(revive());
      expect(client.lag.waitingEvents).toBeLessThan(6);
      const arrived: unknown[] = [];
      while (arrived.length < offers.length) {
        const notice = await next();
        if (notice !== 'end' && notice.kind === 'event') arrived.push(...(notice.event.offers?.offers ?? []).map(({ id }) => id.value));
      }
      expect(arrived).toEqual(offers.map(({ id }) => id.value));
    },
  );

  it('tells of the rest of a large event when the stream breaks while it waits', async () => {
    const { subscription, next } = await subscribed({ maxWaitingBytes: 40_000 });
    const offer = { framework_id: { value: 'f' }, agent_id: { value: 's' }, hostname: 'h'.repeat(100) };
    const offers = Array.from({ length: 3_000 }, (_, n) => ({ id: { value: `o${n}` }, ...offer }));
    subscription.send({ type: 'OFFERS', offers: { offers } });
    subscription.end();
    let seen = 0;
    for (let notice = await next(); kindOf(notice) !== 'disconnected'; notice = await next())
      if (notice !== 'end' && notice.kind === 'event') seen += notice.event.offers?.offers?.length ?? 0;
    expect(seen).toBe(offers.length);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('log');
      },
    ],
    ['rejects', () => Promise.reject(new Error('log'))],
  ])('holds its subscription with a log that %s', async (_, log) => {
    const { master, subscription, next } = await subscribed({ log: log as () => void });
    subscription.cut();
    expect(kindOf(await next())).toBe('disconnected');
    const again = next();
    (await master.subscribes.next()).accept();
    expect(kindOf(await again)).toBe('subscribed');
  });

  it('hands on in order, and without a loss, more events than it lets wait', async () => {
    const { subscription, next } = await subscribed();
    const total = 30_000;
    const data = Buffer.alloc(300).toString('base64');
    for (let index = 0; index < total; index++)
      subscription.send({ type: 'MESSAGE', message: { agent_id: { value: 'a' }, executor_id: { value: String(index) }, data } });
    for (let index = 0; index < total; index++) {
      const notice = await next();
      const got = notice !== 'end' && notice.kind === 'event' ? notice.event.message?.executor_id.value : notice;
      if (got !== String(index)) expect(got).toBe(String(index));
    }
  });

  it('refuses what can never work at once', () => {
    const settings = { master: 'm:5050', frameworkInfo: { user: 'nobody', name: 'test' } };
    expect(() => new SchedulerClient({ ...settings, master: 'nonsense' })).toThrow("'nonsense' is not host:port");
    expect(() => new SchedulerClient({ ...settings, frameworkInfo: { user: 'nobody' } as never })).toThrow(
      'call.subscribe.framework_info.name: required and missing',
    );
  });
});
