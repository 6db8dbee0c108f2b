import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Response } from '../../generated/agent-protocol.js';
import { agentCallType, agentResponseType } from '../../wire/operator-messages.js';
import type { LocalCluster } from '../../cluster/local-cluster.js';
import { startTestCluster, stopTestClusters, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

interface Sandbox {
  readonly cluster: LocalCluster;
  readonly framework: TestFramework;
  readonly url: string;
  readonly client: WireClient;
  readonly directory: string;
  readonly virtual: string;
}

interface AgentState {
  readonly frameworks: { executors: { id: string; directory: string; name: string; tasks: { state: string }[] }[] }[];
  readonly completed_frameworks: { completed_executors: { id: string; completed_tasks: { state: string }[] }[] }[];
}

/** The agent's address is in the master's /slaves, as tools find it. */
const agentUrl = async (cluster: LocalCluster): Promise<string> => {
  const { body } = await new WireClient(cluster.url, 'json').exchange({ method: 'GET', path: '/slaves' });
  const { slaves } = JSON.parse(body) as { slaves: { pid: string }[] };
  return `http://${slaves[0]?.pid.split('@')[1]}`;
};

const stateOf = async (client: WireClient): Promise<AgentState> =>
  JSON.parse((await client.exchange({ method: 'GET', path: '/slave(1)/state' })).body) as AgentState;

const running = async (command: string): Promise<Sandbox> => {
  const cluster = await startTestCluster();
  const framework = await TestFramework.subscribe(cluster.url);
  await framework.launch(testTask('t', command));
  await framework.status('t', 'TASK_RUNNING');
  const url = await agentUrl(cluster);
  const client = new WireClient(url, 'json');
  const directory = (await stateOf(client)).frameworks[0]?.executors[0]?.directory ?? '';
  return { cluster, framework, url, client, directory, virtual: `/frameworks/${framework.id}/executors/t/runs/latest` };
};

const get = (client: WireClient, path: string, query: Record<string, string> = {}) =>
  client.exchange({ method: 'GET', path: `${path}?${new URLSearchParams(query)}` });

describe("an agent's endpoints", () => {
  it('show what runs on it, and what ran', async () => {
    const { framework, client, directory } = await running('sleep 100');
    const state = await stateOf(client);
    expect(state.frameworks[0]?.executors).toMatchObject([
      { id: 't', name: `Command Executor (Task: t) (Command: sh -c 'sleep 100')`, tasks: [{ state: 'TASK_RUNNING' }] },
    ]);
    expect(directory).toMatch(/\/slaves\/.*\/executors\/t\/runs\/[0-9a-f-]{36}$/);
    expect(await get(client, '/health')).toMatchObject({ status: 200, body: '' });
    expect(JSON.parse((await get(client, '/metrics/snapshot')).body)).toMatchObject({ 'slave/tasks_running': 1, 'slave/cpus_used': 0.1 });

    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    await framework.acknowledge(await framework.end('t'));
    const over = await untilCompleted(client);
    expect(over.completed_frameworks[0]?.completed_executors).toMatchObject([{ id: 't', completed_tasks: [{ state: 'TASK_KILLED' }] }]);
  });

  it('are gone while its process is', async () => {
    const { client, cluster } = await running('sleep 100');
    cluster.faults.set({ fault: 'kill-agent', agent: '127.0.0.11' });
    await expect(get(client, '/health')).rejects.toThrow();
  });
});

const untilCompleted = async (client: WireClient): Promise<AgentState> => {
  for (;;) {
    const state = await stateOf(client);
    if (state.completed_frameworks.length > 0) return state;
  }
};

describe('files of a sandbox', () => {
  it.each(['directory', 'virtual'] as const)('are listed, read and downloaded by its %s path', async (kind) => {
    const sandbox = await running('printf hello > greeting; sleep 100');
    const { client } = sandbox;
    const path = sandbox[kind];
    while (!(await get(client, '/files/browse', { path })).body.includes('greeting'));

    const listed = JSON.parse((await get(client, '/files/browse', { path })).body) as { path: string; mode: string; size: number }[];
    expect(listed.map((file) => file.path)).toEqual(['greeting', 'stderr', 'stdout'].map((name) => `${path}/${name}`));
    expect(listed[0]).toMatchObject({ mode: expect.stringMatching(/^-rw/), uid: expect.any(String), nlink: 1 });

    const greeting = `${path}/greeting`;
    const read = async (query: Record<string, string>) => JSON.parse((await get(client, '/files/read', { path: greeting, ...query })).body);
    while ((await read({})).offset !== 5);
    expect(await read({})).toEqual({ data: '', offset: 5 });
    expect(await read({ offset: '1' })).toEqual({ data: 'ello', offset: 1 });
    expect(await read({ offset: '1', length: '2' })).toEqual({ data: 'el', offset: 1 });
    expect(await read({ offset: '9' })).toEqual({ data: '', offset: 9 });
    expect((await get(client, '/files/read', { path: greeting, offset: '0', jsonp: 'f' })).body).toBe('f({"data":"hello","offset":0})');
    expect(await get(client, '/files/download', { path: greeting })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename=greeting' },
      body: 'hello',
    });
  });

  it('are refused as Mesos refuses them', async () => {
    const { client, virtual: path } = await running('sleep 100');
    const read = async (query: Record<string, string>) => {
      const { status, body } = await get(client, '/files/read', query);
      return { status, body };
    };
    expect(await read({})).toEqual({ status: 400, body: `Expecting 'path=value' in query.\n` });
    expect(await read({ path })).toEqual({ status: 400, body: 'Cannot read a directory.\n' });
    expect(await read({ path: `${path}/none` })).toEqual({ status: 404, body: '' });
    expect(await read({ path: '/etc/passwd' })).toEqual({ status: 404, body: '' });
    expect(await read({ path: `${path}/stdout`, offset: '-2' })).toEqual({ status: 400, body: 'Negative offset provided: -2.\n' });
    expect(await read({ path: `${path}/stdout`, offset: 'x' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('Failed to parse offset: '),
    });
    expect(await get(client, '/files/download', { path })).toMatchObject({ status: 400, body: 'Cannot download a directory.\n' });
    expect(await get(client, '/files/browse.json', { path })).toMatchObject({ status: 404 });
  });

  it('outside of it are out of reach, by dots and by links', async () => {
    const { client, cluster, virtual, directory } = await running('sleep 100');
    writeFileSync(join(cluster.workDir, 'secret'), 'secret');
    symlinkSync(join(cluster.workDir, 'secret'), join(directory, 'link'));
    symlinkSync('/', join(directory, 'all'));
    const sibling = `${directory}-sibling`;
    writeFileSync(sibling, 'secret');
    symlinkSync(sibling, join(directory, 'near'));
    for (const base of [virtual, directory])
      for (const name of ['link', 'all/etc/passwd', 'near', '../../../../../../../../../etc/passwd', '../../t/../..'])
        for (const endpoint of ['browse', 'read', 'download']) {
          const { status, body } = await get(client, `/files/${endpoint}`, { path: `${base}/${name}`, offset: '0' });
          expect([400, 404], `${endpoint} ${name}: ${body}`).toContain(status);
        }
    for (const path of ['/frameworks/../executors/t/runs/latest', `${dirname(directory)}/..`, `${cluster.workDir}/secret`])
      expect((await get(client, '/files/read', { path, offset: '0' })).status).toBe(404);
  });

  it('are read in pieces of 64 KiB at most, whatever is asked for, and byte by byte', async () => {
    const { client, directory, virtual } = await running('sleep 100');
    writeFileSync(join(directory, 'large'), Buffer.alloc(200_000, 'x'));
    const { data } = JSON.parse((await get(client, '/files/read', { path: `${virtual}/large`, offset: '0', length: '150000' })).body);
    expect(data.length).toBe(65_536);
    writeFileSync(join(directory, 'text'), 'grün "\n');
    expect(JSON.parse((await get(client, '/files/read', { path: `${virtual}/text`, offset: '0' })).body)).toEqual({
      data: 'grün "\n',
      offset: 0,
    });
  });
});

describe.each(['application/json', 'application/x-protobuf'])("an agent's API in %s", (type) => {
  const call = async (url: string, message: object): Promise<Response> => {
    const body =
      type === 'application/json' ? JSON.stringify(message) : Buffer.from(agentCallType.encode(agentCallType.fromObject(message)).finish());
    const chunks = await fetch(`${url}/api/v1`, { method: 'POST', headers: { 'Content-Type': type, Accept: type }, body });
    expect(chunks.headers.get('content-type')).toBe(type);
    const bytes = Buffer.from(await chunks.arrayBuffer());
    return type === 'application/json'
      ? (JSON.parse(bytes.toString()) as Response)
      : (agentResponseType.toObject(agentResponseType.decode(bytes), { enums: String, longs: Number, bytes: String }) as Response);
  };

  it('tells of tasks, containers and files', async () => {
    const { url, virtual, directory } = await running('sleep 100');
    writeFileSync(join(directory, 'greeting'), 'hello');
    expect(await call(url, { type: 'GET_HEALTH' })).toEqual({ type: 'GET_HEALTH', get_health: { healthy: true } });
    const { get_state } = await call(url, { type: 'GET_STATE' });
    expect(get_state?.get_tasks?.launched_tasks).toMatchObject([{ task_id: { value: 't' }, state: 'TASK_RUNNING' }]);
    expect(get_state?.get_executors?.executors).toMatchObject([{ executor_info: { executor_id: { value: 't' } } }]);
    expect((await call(url, { type: 'GET_CONTAINERS' })).get_containers?.containers).toMatchObject([{ executor_id: { value: 't' } }]);
    expect((await call(url, { type: 'GET_AGENT' })).get_agent?.agent_info).toMatchObject({ hostname: '127.0.0.11' });
    const listed = await call(url, { type: 'LIST_FILES', list_files: { path: virtual } });
    expect(listed.list_files?.file_infos?.map(({ path }) => path)).toContain(`${virtual}/greeting`);
    const read = await call(url, { type: 'READ_FILE', read_file: { path: `${virtual}/greeting`, offset: 1, length: 3 } });
    expect(read.read_file).toEqual({ size: 5, data: Buffer.from('ell').toString('base64') });
    expect(readFileSync(join(directory, 'greeting'), 'utf8')).toBe('hello');
  });
});
