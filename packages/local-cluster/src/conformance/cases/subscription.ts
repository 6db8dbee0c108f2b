// SUBSCRIBE: the stream, its headers and its first events.
import { bothEncodings, type ConformanceCase } from '../case.js';
import { capabilities } from '../case-context.js';
import { encodeCall, mediaTypeOf, type Encoding } from '../../testing/wire-client.js';
import { expectEqual, expectFields, expectMatch, expectTrue } from '../expect.js';
import { task } from '../tasks.js';

const scheduler = 'src/master/http.cpp, Master::Http::scheduler';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const subscriptionCases: readonly ConformanceCase[] = [
  {
    name: 'SUBSCRIBE is answered 200 with a chunked body in the encoding asked for and a stream id',
    source: scheduler,
    encodings: bothEncodings,
    run: async (context) => {
      const { headers, streamId } = (await context.framework()).subscription;
      expectEqual('Content-Type', headers['content-type'], mediaTypeOf(context.encoding));
      expectEqual('Transfer-Encoding', headers['transfer-encoding'], 'chunked');
      expectMatch('Mesos-Stream-Id', streamId, UUID);
    },
  },
  {
    name: 'SUBSCRIBED is the first event, HEARTBEAT comes at once after it',
    source: 'src/master/master.cpp, Master::_subscribe: "Start the heartbeat after sending SUBSCRIBED event"',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.until('a heartbeat', (events) => events.find(({ type }) => type === 'HEARTBEAT'));
      expectEqual('the first event', framework.events[0]?.type, 'SUBSCRIBED');
      const before = framework.events.slice(1).map(({ type }) => type);
      expectTrue('nothing but offers comes before the first heartbeat', /^(OFFERS)?(HEARTBEAT)/.test(before.join('')), before);
    },
  },
  {
    name: 'SUBSCRIBED tells the framework id, the heartbeat interval and the master',
    source: 'src/master/master.cpp, Master::_subscribe; src/internal/evolve.cpp, FrameworkRegisteredMessage',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const subscribed = framework.events[0]?.subscribed;
      expectMatch('the id', framework.id, new RegExp(`^${context.facts.masterId}-\\d{4,}$`));
      expectEqual('the interval', subscribed?.heartbeat_interval_seconds, 15);
      const state = await context.getJson('/state');
      const master = subscribed?.master_info;
      expectFields('the master', master, { id: state['id'], pid: state['pid'], hostname: state['hostname'], version: state['version'] });
      expectEqual('its port', master?.port, master?.address?.port);
    },
  },
  {
    name: 'HEARTBEAT comes every 15 seconds',
    source: 'src/master/constants.hpp, DEFAULT_HEARTBEAT_INTERVAL',
    run: async (context) => {
      const framework = await context.framework();
      const beats = () => framework.events.filter(({ type }) => type === 'HEARTBEAT').length;
      await framework.until('the first', () => (beats() >= 1 ? true : undefined));
      const startedAt = Date.now();
      const interval = (framework.events[0]?.subscribed?.heartbeat_interval_seconds ?? 0) * 1000;
      await framework.until('the second', () => (beats() >= 2 ? true : undefined), interval + context.patienceMs);
      expectTrue('the second comes no sooner', Date.now() - startedAt > interval - 1000, Date.now() - startedAt);
    },
  },
  {
    name: 'without Accept the stream is JSON, whatever the encoding of the call',
    source: `${scheduler}; 3rdparty/libprocess, Request::acceptsMediaType`,
    encodings: ['pb'],
    run: async (context) => {
      const info = context.frameworkInfo({ failover_timeout: 0 });
      for (const accept of [undefined, '*/*']) {
        const stream = await context.client.open(
          {
            method: 'POST',
            path: '/api/v1/scheduler',
            headers: { 'Content-Type': mediaTypeOf('pb'), ...(accept === undefined ? {} : { Accept: accept }) },
            body: encodeCall(context.subscribeCall(info), 'pb'),
          },
          'json',
        );
        expectEqual(`Content-Type for Accept ${accept ?? '(none)'}`, stream.headers['content-type'], 'application/json');
        await stream.until('SUBSCRIBED', (events) => events[0]?.subscribed, context.patienceMs).finally(() => stream.close());
      }
    },
  },
  {
    name: 'the encoding of the stream is what Accept says, not that of the call',
    source: scheduler,
    encodings: bothEncodings,
    run: async (context) => {
      const other: Encoding = context.encoding === 'json' ? 'pb' : 'json';
      const call = context.subscribeCall(context.frameworkInfo({ failover_timeout: 0 }));
      const stream = await context.client.subscribe(call, other);
      expectEqual('Content-Type', stream.headers['content-type'], mediaTypeOf(other));
      await stream.until('SUBSCRIBED', (events) => events[0]?.subscribed, context.patienceMs).finally(() => stream.close());
    },
  },
  {
    name: 'a record is as long as its bytes, not its characters',
    source: 'docs/recordio.md',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const id = 'tâche-üñí-日本-🐘';
      const { message } = await framework.run(task(id, 'true', { resources: [] }), offer);
      expectMatch('the status', message, /^Task uses no resources/);
      await framework.fence();
    },
  },
  {
    name: 'each new framework has an id of its own, counted up',
    source: 'src/master/master.cpp, Master::newFrameworkId',
    run: async (context) => {
      const first = await context.framework();
      const second = await context.framework();
      const number = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));
      expectTrue('the second is greater', number(second.id) > number(first.id), [first.id, second.id]);
    },
  },
  {
    name: 'a framework that never had offers gets some at once',
    source: 'src/master/allocator/mesos/hierarchical.cpp, addFramework: allocate()',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.expectOffer('an offer');
      const known = context.facts.agents.find(({ id }) => id === offer.agent_id.value);
      expectEqual('its agent', { id: offer.agent_id.value, hostname: offer.hostname }, { id: known?.id, hostname: known?.hostname });
      expectEqual('its framework', offer.framework_id.value, framework.id);
      expectEqual('its role', offer.allocation_info?.role, '*');
      expectMatch('its id', offer.id.value, new RegExp(`^${context.facts.masterId}-O\\d+$`));
      for (const resource of offer.resources ?? []) expectEqual(`the role of ${resource.name}`, resource.allocation_info?.role, '*');
      expectFields('its url', offer.url, { scheme: 'http', path: '/slave(1)' });
    },
  },
  {
    name: 'a framework without MULTI_ROLE sees no allocation in its offers',
    source: 'src/master/master.cpp, Master::offer: "strip AllocationInfo"',
    run: async (context) => {
      const framework = await context.framework({ info: { role: '*', roles: [], capabilities: capabilities('RESERVATION_REFINEMENT') } });
      const offer = await framework.offer();
      expectEqual('allocation_info', offer.allocation_info, undefined);
      const roles = (offer.resources ?? []).map(({ allocation_info }) => allocation_info);
      expectTrue(
        'no resource has one',
        roles.every((each) => each === undefined),
        roles,
      );
    },
  },
  {
    name: 'the stream of a framework that is torn down ends',
    source: 'src/master/master.cpp, Master::removeFramework',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.send({ type: 'TEARDOWN' });
      await framework.subscription.untilClosed(context.patienceMs);
      const answer = await framework.call({ type: 'REVIVE' });
      expectEqual('a call after it', { status: answer.status, body: answer.body }, { status: 400, body: 'Framework cannot be found' });
    },
  },
];
