import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

const get = (url: string, path: string) => new WireClient(url, 'json').exchange({ method: 'GET', path });

const agentId = async (url: string): Promise<string> => {
  const { slaves } = JSON.parse((await get(url, '/slaves')).body) as { slaves: { id: string }[] };
  return slaves[0]?.id ?? '';
};

describe('operator endpoints', () => {
  it.each(['/state', '/slaves', '/frameworks', '/tasks', '/state-summary', '/roles', '/flags'])(
    'GET %s is the same as below /master',
    async (path) => {
      const cluster = await startTestCluster();
      const [short, long] = await Promise.all([get(cluster.url, path), get(cluster.url, `/master${path}`)]);
      expect(short.status).toBe(200);
      expect(JSON.parse(short.body)).toEqual(JSON.parse(long.body));
    },
  );

  it('GET /redirect points at the leader, GET /health is empty', async () => {
    const cluster = await startTestCluster();
    const redirect = await get(cluster.url, '/master/redirect');
    expect([redirect.status, redirect.headers.location]).toEqual([307, `//${cluster.address}`]);
    expect(await get(cluster.url, '/health')).toMatchObject({ status: 200, body: '' });
  });

  it('POST /master/teardown ends a framework and its tasks', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    const teardown = (body: string) =>
      new WireClient(cluster.url, 'json').exchange({
        method: 'POST',
        path: '/master/teardown',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
      });

    expect(await teardown('frameworkId=nobody')).toMatchObject({ status: 400, body: 'No framework found with specified ID' });
    expect(await teardown('')).toMatchObject({ status: 400 });
    expect(await teardown(`frameworkId=${framework.id}`)).toMatchObject({ status: 200 });

    await framework.subscription.untilClosed();
    const { completed_frameworks, frameworks } = JSON.parse((await get(cluster.url, '/state')).body) as Record<string, { id: string }[]>;
    expect(frameworks).toEqual([]);
    expect(completed_frameworks?.map(({ id }) => id)).toEqual([framework.id]);
  });

  it('shows a page to people, with names escaped and links to sandboxes', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url, { info: testFramework({ name: '<b>bold</b>' }) });
    await framework.launch(testTask('t', 'echo from the sandbox; sleep 100'));
    await framework.status('t', 'TASK_RUNNING');
    const { body } = await get(cluster.url, '/');
    expect(body).toContain('&#60;b&#62;bold');
    expect(body).not.toContain('<b>');
    const stdout = /<a href="([^"]*)">stdout</.exec(body)?.[1] ?? '';
    const { origin, pathname, search } = new URL(stdout.replaceAll('&#38;', '&'));
    while ((await get(origin, pathname + search)).body !== 'from the sandbox\n');
    expect((await get(cluster.url, '/master/')).body).toContain('TASK_RUNNING');
  });

  it.each([
    ['GET', '/teardown', 'POST'],
    ['GET', '/api/v1', 'POST'],
    ['GET', '/reserve', 'POST'],
    ['GET', '/machine/down', 'POST'],
    ['DELETE', '/maintenance/schedule', 'GET, POST'],
    ['POST', '/maintenance/status', 'GET'],
    ['PUT', '/quota', 'GET, POST, DELETE'],
    ['POST', '/weights', 'GET, PUT'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allowed) => {
    const cluster = await startTestCluster({ agents: 0 });
    const { status, headers, body } = await new WireClient(cluster.url, 'json').exchange({ method, path });
    expect([status, headers.allow]).toEqual([405, allowed]);
    const expected = allowed.split(', ').map((one) => `'${one}'`);
    expect(body).toBe(`405 Method Not Allowed. Expecting one of { ${expected.join(', ')} }, but received '${method}'.`);
  });

  it('gives a script instead of JSON when a function is named', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const { headers, body } = await get(cluster.url, '/weights?jsonp=show');
    expect([headers['content-type'], body]).toEqual(['text/javascript', 'show([])']);
  });

  it('GET /tasks takes limits, offsets, orders and ids', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('a', 'sleep 100'));
    await framework.status('a', 'TASK_RUNNING');
    await framework.launch(testTask('b', 'sleep 100'));
    await framework.status('b', 'TASK_RUNNING');
    const ids = async (query: string): Promise<string[]> =>
      (JSON.parse((await get(cluster.url, `/tasks${query}`)).body) as { tasks: { id: string }[] }).tasks.map(({ id }) => id);
    expect(await ids('')).toEqual(['b', 'a']);
    expect(await ids('?order=asc')).toEqual(['a', 'b']);
    expect(await ids('?limit=1')).toEqual(['b']);
    expect(await ids('?limit=1&offset=1')).toEqual(['a']);
    expect(await ids('?limit=none')).toEqual(['b', 'a']);
    expect(await ids('?task_id=a')).toEqual(['a']);
    expect(await ids('?framework_id=none')).toEqual([]);
  });

  it('GET /slaves and /frameworks take an id', async () => {
    const cluster = await startTestCluster({ agents: 2 });
    const id = await agentId(cluster.url);
    const { slaves } = JSON.parse((await get(cluster.url, `/slaves?slave_id=${id}`)).body) as { slaves: { id: string }[] };
    expect(slaves.map((slave) => slave.id)).toEqual([id]);
    expect(JSON.parse((await get(cluster.url, '/frameworks?framework_id=none')).body)).toMatchObject({ frameworks: [] });
  });

  it('what does not exist is 404 in Mesos words', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    for (const path of ['/nothing', '/state.json', '/redirect/state', '/master/metrics/snapshot', '/files/browse?path=/master/log'])
      expect((await get(cluster.url, path)).status, path).toBe(404);
    expect((await get(cluster.url, '/nothing')).body).toBe('404 Not Found.');
  });
});

describe('maintenance by endpoint', () => {
  const window = { machine_ids: [{ hostname: '127.0.0.11', ip: '127.0.0.11' }], unavailability: { start: { nanoseconds: 1 } } };
  const post = (url: string, path: string, body: unknown) =>
    new WireClient(url, 'json').exchange({ method: 'POST', path, body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('goes from a schedule to machines that are down and up again', async () => {
    const cluster = await startTestCluster();
    const status = async () => JSON.parse((await get(cluster.url, '/maintenance/status')).body) as unknown;
    expect(await status()).toEqual({});
    expect(await post(cluster.url, '/maintenance/schedule', { windows: [window] })).toMatchObject({ status: 200, body: '' });
    expect(JSON.parse((await get(cluster.url, '/maintenance/schedule')).body)).toEqual({ windows: [window] });
    expect(await status()).toEqual({ draining_machines: [{ id: window.machine_ids[0] }] });
    expect(await post(cluster.url, '/machine/down', window.machine_ids)).toMatchObject({ status: 200 });
    expect(await status()).toEqual({ down_machines: window.machine_ids });
    expect(JSON.parse((await get(cluster.url, '/slaves')).body)).toMatchObject({ slaves: [] });
    expect(await post(cluster.url, '/machine/up', window.machine_ids)).toMatchObject({ status: 200 });
    expect(await status()).toEqual({});
  });

  it.each([
    ['/maintenance/schedule', 'no JSON', 'syntax error at line 1 near: o JSON'],
    ['/maintenance/schedule', '[]', 'Unexpected JSON type parsed'],
    ['/maintenance/schedule', { windows: [{ ...window, machine_ids: [] }] }, 'List of machines in the maintenance window is empty'],
    ['/machine/down', '{}', 'Unexpected JSON type parsed'],
    ['/machine/down', [], 'List of machines is empty'],
    ['/machine/up', [{ hostname: 'x' }], `Machine '{"hostname":"x"}' is not part of a maintenance schedule`],
  ])('POST %s %j is refused', async (path, body, reason) => {
    const cluster = await startTestCluster({ agents: 0 });
    expect(await post(cluster.url, path, body)).toMatchObject({ status: 400, body: reason });
  });
});

describe("the operator's reservations", () => {
  const resource = {
    name: 'cpus',
    type: 'SCALAR',
    scalar: { value: 1 },
    reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }],
  };
  const post = (url: string, path: string, agentId: string | undefined, resources: unknown = [resource]) =>
    new WireClient(url, 'json').exchange({
      method: 'POST',
      path,
      body: new URLSearchParams({ ...(agentId && { slaveId: agentId }), resources: JSON.stringify(resources) }).toString(),
    });

  it('are made and ended, and shown', async () => {
    const cluster = await startTestCluster({ resources: 'cpus:4;mem:100' });
    const id = await agentId(cluster.url);
    const reserved = async () =>
      (JSON.parse((await get(cluster.url, '/slaves')).body) as { slaves: [{ reserved_resources: unknown }] }).slaves[0];
    expect(await post(cluster.url, '/reserve', id)).toMatchObject({ status: 202, body: '' });
    expect(await reserved()).toMatchObject({ reserved_resources: { r: { cpus: 1 } }, unreserved_resources: { cpus: 3 } });
    expect(JSON.parse((await get(cluster.url, '/roles')).body)).toMatchObject({ roles: [{ name: 'r', reserved: { cpus: 1 } }] });
    expect(await post(cluster.url, '/unreserve', id)).toMatchObject({ status: 202 });
    expect(await reserved()).toMatchObject({ reserved_resources: {} });
    expect(await post(cluster.url, '/unreserve', id)).toMatchObject({ status: 409 });
  });

  it('take back offers that hold what they need', async () => {
    const cluster = await startTestCluster({ resources: 'cpus:4;mem:100' });
    const framework = await TestFramework.subscribe(cluster.url);
    const offer = await framework.offer();
    expect(await post(cluster.url, '/reserve', offer.agent_id.value)).toMatchObject({ status: 202 });
    const rescinded = await framework.subscription.until('RESCIND', (events) => events.find(({ rescind }) => rescind)?.rescind?.offer_id);
    expect(rescinded).toEqual(offer.id);
  });

  it('are refused in Mesos words', async () => {
    const cluster = await startTestCluster({ resources: 'cpus:4;mem:100' });
    const id = await agentId(cluster.url);
    expect(await post(cluster.url, '/reserve', undefined)).toMatchObject({ body: `Missing 'slaveId' query parameter in the request body` });
    expect(await post(cluster.url, '/create-volumes', id)).toMatchObject({
      status: 501,
      body: 'The local cluster does not know persistent volumes',
    });
    expect(await post(cluster.url, '/reserve', 'none')).toMatchObject({ status: 400, body: 'No agent found with specified ID' });
    expect(await post(cluster.url, '/reserve', id, 'x')).toMatchObject({
      status: 400,
      body: expect.stringContaining(`Error parsing 'resources'`),
    });
    const plain = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };
    expect(await post(cluster.url, '/reserve', id, [plain])).toMatchObject({
      status: 400,
      body: expect.stringMatching(/^Invalid RESERVE operation on agent .*: Resource cpus:1 is not dynamically reserved/),
    });
    expect(await post(cluster.url, '/reserve', id, [{ ...resource, scalar: { value: 9 } }])).toMatchObject({ status: 409 });
  });
});
