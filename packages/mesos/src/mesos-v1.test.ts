// What Mesos's documents and sources demand of a scheduler, point by point, at a real socket. Points that a part has by itself are
// tested beside it: RecordIO (record-io.test.ts), status codes, heartbeats, ERRORs and backoff (domain/subscription.test.ts,
// call-result.test.ts), detection (detection/), all messages (codec/scheduler-api.test.ts).
import { afterEach, describe, expect, it } from 'vitest';
import { acknowledge, reconcile, revive, updateFramework } from './calls.js';
import { codecOf } from './codec/codec-of.js';
import type { FrameworkInfo, OfferConstraints, TaskStatus } from './generated/protocol.js';
import { SchedulerClient } from './scheduler-client.js';
import type { SchedulerClientSettings } from './scheduler-client-settings.js';
import { ScriptedMaster } from './testing/scripted-master.js';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const info: FrameworkInfo = { user: 'nobody', name: 'test', roles: ['a', 'b'], capabilities: [{ type: 'MULTI_ROLE' }] };

const start = async (settings: Partial<SchedulerClientSettings> = {}) => {
  const master = await ScriptedMaster.start(settings.encoding);
  cleanUps.push(() => master.stop());
  const backoff = { firstMs: 2, maxMs: 20 };
  const client = new SchedulerClient({ master: master.host, frameworkInfo: info, backoff, ...settings });
  const abort = new AbortController();
  cleanUps.push(() => abort.abort());
  const notices = client.subscribe({ signal: abort.signal });
  return { master, client, abort, next: async () => (await notices.next()).value };
};

const subscribed = async (settings: Partial<SchedulerClientSettings> = {}) => {
  const started = await start(settings);
  const told = started.next();
  const subscription = await started.master.subscribes.next();
  subscription.accept();
  await told;
  return { ...started, subscription };
};

const offer_constraints = (name: string): OfferConstraints => ({
  role_constraints: {
    a: { groups: [{ attribute_constraints: [{ selector: { attribute_name: name }, predicate: { exists: {} } }] }] },
  },
});
const offer_filters = (value: number) => ({ a: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value } } }] } } });

describe.each([
  ['json', 'application/json'],
  ['protobuf', 'application/x-protobuf'],
] as const)('docs/scheduler-http-api.md, in %s', (encoding, mediaType) => {
  it('Content-Type and Accept are the media type alone: Mesos compares them as they stand', async () => {
    const { client, master, subscription } = await subscribed({ encoding });
    await client.call(revive());
    const { headers } = await master.calls.next();
    expect([subscription.headers['content-type'], subscription.headers.accept, headers['content-type']]).toEqual([
      mediaType,
      mediaType,
      mediaType,
    ]);
    expect(subscription.path).toBe('/api/v1/scheduler');
  });

  it('SUBSCRIBE carries no Mesos-Stream-Id, each later call that of its subscription', async () => {
    const { client, master, subscription, next } = await subscribed({ encoding });
    await client.call(revive());
    subscription.cut();
    await next();
    const again = await master.subscribes.next();
    const told = next();
    again.accept('fw-1', 'stream-2');
    await told;
    await client.call(revive());
    expect(subscription.headers['mesos-stream-id']).toBeUndefined();
    expect(again.headers['mesos-stream-id']).toBeUndefined();
    expect(master.calls.all.map(({ headers }) => headers['mesos-stream-id'])).toEqual(['stream-1', 'stream-2']);
  });

  it('calls leave on a connection that is not the stream`s', async () => {
    const { client, master, subscription, next } = await subscribed({ encoding });
    await client.call(revive());
    (await master.calls.next()).socket.destroy();
    subscription.send({ type: 'OFFERS', offers: {} });
    expect(await next()).toMatchObject({ kind: 'event' });
    expect(master.subscribes.all.length).toBe(1);
  });
});

describe('docs/scheduler-http-api.md, SUBSCRIBE again', () => {
  it('has the framework id in the call and in the framework info', async () => {
    const { master, next } = await start({ frameworkId: 'fw-0' });
    void next();
    const { call } = await master.subscribes.next();
    expect([call.framework_id, call.subscribe?.framework_info.id]).toEqual([{ value: 'fw-0' }, { value: 'fw-0' }]);
  });

  it('has the suppressed roles, offer constraints and offer filters that are in force now: the master forgot those of before', async () => {
    const now = { roles: ['a'], attribute: 'rack', cpus: 1 };
    const { master, subscription } = await subscribed({
      frameworkInfo: () => ({ ...info, offer_filters: offer_filters(now.cpus) }),
      suppressedRoles: () => now.roles,
      offerConstraints: () => offer_constraints(now.attribute),
    });
    Object.assign(now, { roles: ['b'], attribute: 'zone', cpus: 2 });
    subscription.cut();
    const sent = [subscription, await master.subscribes.next()].map(({ call: { subscribe } }) => [
      subscribe?.suppressed_roles,
      subscribe?.offer_constraints,
      subscribe?.framework_info.offer_filters,
    ]);
    expect(sent).toEqual([
      [['a'], offer_constraints('rack'), offer_filters(1)],
      [['b'], offer_constraints('zone'), offer_filters(2)],
    ]);
  });

  it('is not sent when the framework ends: no TEARDOWN either, its tasks stay', async () => {
    const { abort, master, subscription } = await subscribed();
    abort.abort();
    await subscription.closed;
    expect([master.subscribes.all.length, master.calls.all.length]).toEqual([1, 0]);
  });
});

describe('docs/scheduler-http-api.md, UPDATE_FRAMEWORK', () => {
  it('says filters, constraints and suppressed roles, with the framework id in both places', async () => {
    const { client, master } = await subscribed();
    const call = updateFramework({ ...info, offer_filters: offer_filters(4) }, ['b'], offer_constraints('rack'));
    expect(await client.call(call)).toEqual({ result: 'sent' });
    const id = { value: 'fw-1' };
    expect((await master.calls.next()).call).toEqual({
      type: 'UPDATE_FRAMEWORK',
      framework_id: id,
      update_framework: {
        framework_info: { ...info, id, offer_filters: offer_filters(4) },
        suppressed_roles: ['b'],
        offer_constraints: offer_constraints('rack'),
      },
    });
  });

  it.each([200, 202])('answered with %i is in force', async (status) => {
    const { client, master } = await subscribed();
    master.answersCalls = false;
    const answer = client.call(updateFramework(info));
    (await master.calls.next()).answer(status);
    expect(await answer).toEqual({ result: 'sent' });
  });

  it.each([400, 403, 409])('answered with %i says why not, and the subscription stays', async (status) => {
    const { client, master } = await subscribed();
    master.answersCalls = false;
    const answer = client.call(updateFramework(info));
    (await master.calls.next()).answer(status, 'the reason');
    expect(await answer).toEqual({ result: 'not-sent', reason: `the master answered ${status}: the reason` });
    expect(client.status.phase).toBe('subscribed');
  });
});

describe('include/mesos/v1/scheduler/scheduler.proto, where samples of the documents differ from it', () => {
  const json = codecOf('json');
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

  it('OFFERS, INVERSE_OFFERS and ERROR are nested', () => {
    expect(() => json.decodeEvent(Buffer.from('{"type":"OFFERS","offers":[]}'))).toThrow('event.offers: an object expected');
    expect(text(json.encodeEvent({ type: 'ERROR', error: { message: 'm' } }))).toBe('{"type":"ERROR","error":{"message":"m"}}');
  });

  it('REVIVE has `roles`; `role` would revive all of them, and is refused', () => {
    expect(text(json.encodeCall(revive(['a'])))).toBe('{"type":"REVIVE","revive":{"roles":["a"]}}');
    expect(() => json.encodeCall({ type: 'REVIVE', revive: { role: 'a' } as object })).toThrow('call.revive.role');
  });

  it('a uuid goes back in base64 as it came', () => {
    const status: TaskStatus = {
      task_id: { value: 't' },
      agent_id: { value: 'a' },
      state: 'TASK_RUNNING',
      uuid: '//79/Pv6+fj39vX08/Lx8A==',
    };
    expect(text(json.encodeCall(acknowledge(status) ?? {}))).toContain('"uuid":"//79/Pv6+fj39vX08/Lx8A=="');
  });

  it('refuse_seconds 0, which is no filter, is not left out, since the default is 5', () => {
    for (const codec of [json, codecOf('protobuf')]) {
      const call = { type: 'DECLINE' as const, decline: { offer_ids: [{ value: 'o' }], filters: { refuse_seconds: 0 } } };
      expect(codec.decodeCall(codec.encodeCall(call))).toEqual(call);
    }
  });

  it('a limit without bound is the text "Infinity" in a scalar; the bare text of the sample is refused', () => {
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, limits: { cpus: { value: Infinity } } };
    const call = { type: 'ACCEPT' as const, accept: { operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [task] } }] } };
    expect(text(json.encodeCall(call))).toContain('"limits":{"cpus":{"value":"Infinity"}}');
    const bare = {
      ...call,
      accept: { operations: [{ type: 'LAUNCH', launch: { task_infos: [{ ...task, limits: { cpus: 'Infinity' } }] } }] },
    };
    expect(() => json.encodeCall(bare as never)).toThrow('limits');
  });

  it('an implicit RECONCILE is one without tasks', () => {
    for (const codec of [json, codecOf('protobuf')])
      expect(codec.decodeCall(codec.encodeCall(reconcile()))).toEqual({ type: 'RECONCILE', reconcile: {} });
  });
});
