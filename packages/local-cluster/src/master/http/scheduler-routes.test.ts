import { afterEach, describe, expect, it } from 'vitest';
import type { OfferConstraints } from '../../generated/protocol.js';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

const post = async (url: string, body: string | Buffer, headers: Record<string, string> = { 'Content-Type': 'application/json' }) => {
  const client = new WireClient(url, 'json');
  try {
    return await client.exchange({ method: 'POST', path: '/api/v1/scheduler', headers, body });
  } finally {
    client.close();
  }
};

describe('bad input', () => {
  it.each([
    ['nothing but opening brackets', '['.repeat(1_000_000), 400],
    ['a number', '7', 400],
    ['a field of the wrong kind', '{"type":"REVIVE","framework_id":"x"}', 400],
    ['an unknown type', '{"type":"DANCE","framework_id":{"value":"x"}}', 400],
    [
      'an acknowledgement whose uuid is none',
      '{"type":"ACKNOWLEDGE","framework_id":{"value":"x"},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"AA=="}}',
      400,
    ],
  ])('%s is refused in a line of plain text', async (_what, body, status) => {
    const cluster = await startTestCluster({ agents: 0 });
    const answer = await post(cluster.url, body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body.split('\n').length).toBe(1);
  });

  it('what is wrong in a map is said of its entries, whose field is called value', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    // The limit of the example in docs/scheduler-http-api.md, which Mesos refuses, too.
    const task = { name: 'My Task', task_id: { value: 't' }, agent_id: { value: 'a' }, limits: { cpus: 'Infinity' } };
    const operations = [{ type: 'LAUNCH', launch: { task_infos: [task] } }];
    const answer = await post(cluster.url, JSON.stringify({ type: 'ACCEPT', framework_id: { value: 'x' }, accept: { operations } }));
    expect(answer.body).toBe(`Failed to convert JSON into Call protobuf: Not expecting a JSON string for field 'value'`);
  });

  it('a body beyond the limit is 413', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    expect((await post(cluster.url, Buffer.alloc(65 * 1024 * 1024, ' '))).status).toBe(413);
    expect((await post(cluster.url, '{}')).status).toBe(400);
  });

  it.each([
    ['127.0.0.1:5050', 400],
    ['localhost:5050', 400],
    ['[::1]:5050', 400],
    ['rebound.example:5050', 403],
  ])('who calls it %s gets %d', async (host, status) => {
    const cluster = await startTestCluster({ agents: 0 });
    expect((await post(cluster.url, '{}', { 'Content-Type': 'application/json', Host: host })).status).toBe(status);
  });

  it('a call of the type UNKNOWN is 501', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    expect(await framework.call({ type: 'UNKNOWN' })).toMatchObject({ status: 501, body: '' });
  });

  it('a task group whose executor names no framework: TASK_ERROR, which says so', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    const offer = await framework.offer();
    const tasks = [{ ...testTask('t', 'true'), agent_id: offer.agent_id }];
    const launch_group = { executor: { type: 'DEFAULT' as const, executor_id: { value: 'e' } }, task_group: { tasks } };
    const operations = [{ type: 'LAUNCH_GROUP' as const, launch_group }];
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations } });
    expect(await framework.end('t')).toMatchObject({
      state: 'TASK_ERROR',
      reason: 'REASON_TASK_GROUP_INVALID',
      message: `'ExecutorInfo.framework_id' must be set`,
    });
  });
});

describe('offer constraints', () => {
  const only = (text: object): OfferConstraints => ({
    role_constraints: { '*': { groups: [{ attribute_constraints: [{ selector: { attribute_name: 'rack' }, predicate: text }] }] } },
  });

  it('keep agents from being offered', async () => {
    const cluster = await startTestCluster({ agents: 3, attributes: ['rack:a', 'rack:bb', ''] });
    const client = new WireClient(cluster.url, 'pb');
    const hosts = async (constraints: OfferConstraints) => {
      const subscription = await client.subscribe({
        type: 'SUBSCRIBE',
        subscribe: { framework_info: testFramework({ failover_timeout: 0 }), offer_constraints: constraints },
      });
      const offers = await subscription.until('offers', (events) => events.find(({ type }) => type === 'OFFERS')?.offers?.offers);
      const id = subscription.events[0]?.subscribed?.framework_id;
      await client.call({ type: 'TEARDOWN', framework_id: id }, subscription.streamId);
      return offers.map(({ hostname }) => hostname).sort();
    };
    expect(await hosts(only({ text_equals: { value: 'a' } }))).toEqual(['127.0.0.11']);
    expect(await hosts(only({ text_matches: { regex: 'b+' } }))).toEqual(['127.0.0.12']);
    expect(await hosts(only({ text_not_matches: { regex: 'b' } }))).toEqual(['127.0.0.11', '127.0.0.12', '127.0.0.13']);
    expect(await hosts(only({ not_exists: {} }))).toEqual(['127.0.0.13']);
    client.close();
  });

  it.each([
    [only({ text_matches: { regex: '(' } }), `Failed to construct regex from pattern '('`],
    [only({}), 'Unknown predicate type'],
    [{ role_constraints: { '*': {} } }, `has an empty 'RoleConstraints::groups' for role *`],
  ])('that cannot be understood are refused, and the master goes on', async (constraints, reason) => {
    const cluster = await startTestCluster();
    const client = new WireClient(cluster.url, 'json');
    const subscription = await client.subscribe({
      type: 'SUBSCRIBE',
      subscribe: { framework_info: testFramework(), offer_constraints: constraints },
    });
    const error = await subscription.until('ERROR', (events) => events.find(({ type }) => type === 'ERROR')?.error?.message);
    expect(error).toContain(`Offer constraints are not valid: `);
    expect(error).toContain(reason);
    await (await TestFramework.subscribe(cluster.url)).offer();
    client.close();
  });
});
