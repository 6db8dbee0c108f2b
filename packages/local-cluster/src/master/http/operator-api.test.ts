import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Call, Event, Response } from '../../generated/master-protocol.js';
import { startTestCluster, stopTestClusters, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';
import { masterCallType, masterEventType, masterResponseType } from '../../wire/operator-messages.js';

afterEach(stopTestClusters);

const OBJECT_FORM = { enums: String, longs: Number, bytes: String } as const;
const TYPES = ['application/json', 'application/x-protobuf'] as const;
type Type = (typeof TYPES)[number];

const encode = (call: Call, type: Type): Buffer =>
  type === 'application/json'
    ? Buffer.from(JSON.stringify(call))
    : Buffer.from(masterCallType.encode(masterCallType.fromObject(call)).finish());

const post = async (url: string, body: string | Buffer, headers: Record<string, string>) => {
  const answer = await fetch(`${url}/api/v1`, { method: 'POST', headers, body });
  return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
};

const ask = async (url: string, call: Call, type: Type): Promise<Response> => {
  const answer = await post(url, encode(call, type), { 'Content-Type': type, Accept: type });
  expect([answer.status, answer.type]).toEqual([200, type]);
  return (
    type === 'application/json'
      ? JSON.parse(answer.bytes.toString())
      : masterResponseType.toObject(masterResponseType.decode(answer.bytes), OBJECT_FORM)
  ) as Response;
};

const agentId = async (url: string): Promise<string> => {
  const { get_agents } = await ask(url, { type: 'GET_AGENTS' }, 'application/json');
  return get_agents?.agents?.[0]?.agent_info.id?.value ?? '';
};

const order = async (url: string, call: Call) => {
  const { status, bytes } = await post(url, encode(call, 'application/json'), { 'Content-Type': 'application/json' });
  return { status, body: bytes.toString() };
};

/** The events of a subscription as they come. */
class Stream {
  readonly events: Event[] = [];
  private rest = Buffer.alloc(0);
  private changed: () => void = () => undefined;

  constructor(
    url: string,
    private readonly type: Type,
  ) {
    const outgoing = request(new URL('/api/v1', url), { method: 'POST', headers: { 'Content-Type': type, Accept: type } }, (answer) => {
      answer.on('data', (chunk: Buffer) => this.read(chunk));
      answer.on('error', () => undefined);
    });
    outgoing.on('error', () => undefined);
    outgoing.end(encode({ type: 'SUBSCRIBE' }, type));
  }

  async until(type: Event.Type): Promise<Event> {
    for (;;) {
      const found = this.events.find((event) => event.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  private read(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const newline = this.rest.indexOf(0x0a);
      const end = newline + 1 + Number(this.rest.toString('latin1', 0, Math.max(0, newline)));
      if (newline < 0 || this.rest.length < end) break;
      const bytes = this.rest.subarray(newline + 1, end);
      const event =
        this.type === 'application/json'
          ? JSON.parse(bytes.toString())
          : masterEventType.toObject(masterEventType.decode(bytes), OBJECT_FORM);
      this.events.push(event as Event);
      this.rest = this.rest.subarray(end);
    }
    this.changed();
  }
}

describe.each(TYPES)('the operator API in %s', (type) => {
  it('tells of tasks, frameworks, agents and the master', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    const { get_state } = await ask(cluster.url, { type: 'GET_STATE' }, type);
    expect(get_state?.get_tasks?.tasks).toMatchObject([
      { task_id: { value: 't' }, state: 'TASK_RUNNING', framework_id: { value: framework.id } },
    ]);
    expect(get_state?.get_frameworks?.frameworks).toMatchObject([{ active: true, framework_info: { id: { value: framework.id } } }]);
    expect(get_state?.get_agents?.agents).toMatchObject([{ active: true, agent_info: { hostname: '127.0.0.11' } }]);
    expect((await ask(cluster.url, { type: 'GET_HEALTH' }, type)).get_health).toEqual({ healthy: true });
    expect((await ask(cluster.url, { type: 'GET_FLAGS' }, type)).get_flags?.flags).toContainEqual({
      name: 'allocator',
      value: 'hierarchical',
    });
    const { get_metrics } = await ask(cluster.url, { type: 'GET_METRICS', get_metrics: {} }, type);
    expect(get_metrics?.metrics).toContainEqual({ name: 'master/tasks_running', value: 1 });
    expect((await ask(cluster.url, { type: 'GET_ROLES' }, type)).get_roles?.roles).toMatchObject([{ name: '*', weight: 1 }]);
    for (const empty of ['GET_WEIGHTS', 'GET_OPERATIONS', 'GET_QUOTA', 'GET_MAINTENANCE_SCHEDULE', 'GET_MAINTENANCE_STATUS'] as const)
      expect((await ask(cluster.url, { type: empty }, type)).type).toBe(empty);
  });

  it('streams what happens after the state', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const stream = new Stream(cluster.url, type);
    expect((await stream.until('SUBSCRIBED')).subscribed).toMatchObject({ heartbeat_interval_seconds: 15, get_state: {} });
    expect(stream.events[1]?.type ?? (await stream.until('HEARTBEAT')).type).toBe('HEARTBEAT');
    const framework = await TestFramework.subscribe(cluster.url);
    expect((await stream.until('FRAMEWORK_ADDED')).framework_added?.framework.framework_info.id).toEqual({ value: framework.id });
    await order(cluster.url, { type: 'TEARDOWN', teardown: { framework_id: { value: framework.id } } });
    expect((await stream.until('FRAMEWORK_REMOVED')).framework_removed?.framework_info.id).toEqual({ value: framework.id });
  });
});

describe('the stream of a cluster with agents', () => {
  it('tells of each task once when it comes, and of each change of its state', async () => {
    const cluster = await startTestCluster();
    const stream = new Stream(cluster.url, 'application/json');
    await stream.until('SUBSCRIBED');
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    await framework.end('t');
    const states = () => stream.events.flatMap(({ task_updated }) => (task_updated === undefined ? [] : [task_updated.state]));
    while (!states().includes('TASK_KILLED')) await stream.until('TASK_UPDATED').then(() => new Promise(setImmediate));
    expect(stream.events.filter((event) => event.type === 'TASK_ADDED')).toMatchObject([
      { task_added: { task: { task_id: { value: 't' }, state: 'TASK_STAGING' } } },
    ]);
    expect(states().filter((state) => state !== 'TASK_KILLING')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']);
    const id = await agentId(cluster.url);
    expect(await order(cluster.url, { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: id } } })).toEqual({
      status: 200,
      body: '',
    });
    expect((await stream.until('AGENT_REMOVED')).agent_removed).toEqual({ agent_id: { value: id } });
  });
});

describe('orders of the operator', () => {
  it('take agents out of the offers and back', async () => {
    const cluster = await startTestCluster();
    const agent_id = { value: await agentId(cluster.url) };
    const standing = async () => (await ask(cluster.url, { type: 'GET_AGENTS' }, 'application/json')).get_agents?.agents?.[0];
    expect(await order(cluster.url, { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } })).toEqual({ status: 200, body: '' });
    expect(await standing()).toMatchObject({ active: false, deactivated: true });
    expect(await order(cluster.url, { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })).toEqual({ status: 200, body: '' });
    expect(await standing()).toMatchObject({ active: true, deactivated: false });
    expect(await order(cluster.url, { type: 'DRAIN_AGENT', drain_agent: { agent_id, max_grace_period: { seconds: 5 } } })).toMatchObject({
      status: 200,
    });
    expect(await standing()).toMatchObject({
      active: false,
      drain_info: { state: 'DRAINED', config: { max_grace_period: { nanoseconds: 5_000_000_000 }, mark_gone: false } },
    });
  });

  it('find no draining where maintenance is planned', async () => {
    const cluster = await startTestCluster();
    const agent_id = { value: await agentId(cluster.url) };
    const machine_ids = [{ hostname: '127.0.0.11', ip: '127.0.0.11' }];
    const schedule = { windows: [{ machine_ids, unavailability: { start: { nanoseconds: 1 } } }] };
    await order(cluster.url, { type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule } });
    expect(await order(cluster.url, { type: 'DRAIN_AGENT', drain_agent: { agent_id } })).toEqual({
      status: 400,
      body: `Agent ${agent_id.value} is part of a maintenance schedule under Machine 127.0.0.11 (127.0.0.11)`,
    });
  });

  it.each([
    [{ type: 'DRAIN_AGENT', drain_agent: { agent_id: { value: 'x' } } }, 400, 'Unknown agent'],
    [{ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'x' } } }, 404, `Agent 'x' not found`],
    [{ type: 'TEARDOWN', teardown: { framework_id: { value: 'x' } } }, 400, 'No framework found with specified ID'],
    [{ type: 'UPDATE_WEIGHTS', update_weights: {} }, 501, 'The local cluster does not know UPDATE_WEIGHTS calls'],
    [{ type: 'UNKNOWN' }, 501, ''],
    [{}, 400, `Failed to validate master::Call: Expecting 'type' to be present`],
    [{ type: 'GET_METRICS' }, 400, `Failed to validate master::Call: Expecting 'get_metrics' to be present`],
    [{ type: 'LIST_FILES', list_files: { path: '/master/log' } }, 404, ''],
  ] as const)('%j is refused', async (call, status, body) => {
    const cluster = await startTestCluster({ agents: 0 });
    expect(await order(cluster.url, call as Call)).toEqual({ status, body });
  });
});

describe('what is said of a body and its types', () => {
  const json = { 'Content-Type': 'application/json' };
  it.each([
    ['no type', 'x', {}, 415, `Expecting 'Content-Type' of application/json or application/x-protobuf`],
    ['another type', 'x', { 'Content-Type': 'text/plain' }, 415, `Expecting 'Content-Type' of application/json or application/x-protobuf`],
    ['no JSON', 'x', json, 400, 'Failed to parse body into JSON: syntax error at line 1 near: x'],
    ['no message', '7', json, 400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object'],
    ['no protobuf', Buffer.from([0xff]), { 'Content-Type': 'application/x-protobuf' }, 400, 'Failed to parse body into Call protobuf'],
    [
      'an answer of neither type',
      '{"type":"GET_HEALTH"}',
      { ...json, Accept: 'text/html' },
      406,
      `Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'`,
    ],
  ])('%s', async (_what, body, headers, status, text) => {
    const cluster = await startTestCluster({ agents: 0 });
    const answer = await post(cluster.url, body, headers);
    expect([answer.status, answer.bytes.toString()]).toEqual([status, text]);
  });

  it('no type at all', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const answer = await new WireClient(cluster.url, 'json').exchange({ method: 'POST', path: '/api/v1', body: 'x' });
    expect([answer.status, answer.body]).toEqual([400, `Expecting 'Content-Type' to be present`]);
  });
});
