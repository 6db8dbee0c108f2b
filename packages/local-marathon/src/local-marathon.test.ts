import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster } from '@streams-on-mesos/local-cluster';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLocalMarathon, type LocalMarathon } from './start-local-marathon.js';

interface TaskView {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly state: string;
}

interface AppView {
  readonly tasksRunning: number;
  readonly tasksHealthy: number;
  readonly tasks: readonly TaskView[];
  readonly deployments: readonly unknown[];
  readonly lastTaskFailure?: { readonly state: string; readonly message: string };
}

let directory: string;
let cluster: LocalCluster;
let marathon: LocalMarathon;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'local-marathon-'));
  cluster = await startLocalCluster({ workDir: join(directory, 'mesos'), agents: 2 });
});

afterEach(async () => {
  await marathon.stop();
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(encoding: 'protobuf' | 'json'): Promise<void> {
  marathon = await startLocalMarathon({ master: cluster.address, port: 0, stateFile: join(directory, 'marathon.json'), encoding });
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(marathon.url + path, { method, ...init });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response;
}

const appNow = async (): Promise<AppView> => ((await (await request('GET', '/v2/apps/test/app')).json()) as { app: AppView }).app;

const appOnceIt = (holds: (app: AppView) => boolean): Promise<AppView> =>
  vi.waitUntil(
    async () => {
      const app = await appNow();
      return holds(app) && app;
    },
    { timeout: 20_000, interval: 50 },
  );

const ask = async ({ host, ports }: TaskView, path: string): Promise<string> => (await fetch(`http://${host}:${ports[0]}/${path}`)).text();

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Answers /pid, /env/NAME and /file/NAME, the last from its sandbox. */
const server = `
require('node:http').createServer(({ url }, response) => {
  const [, what, name] = url.split('/');
  response.end(what === 'pid' ? String(process.pid) : what === 'env' ? process.env[name] : what === 'file' ? require('node:fs').readFileSync(name) : 'ok');
}).listen(Number(process.env.PORT0), process.env.HOST);`;

function service(more: Record<string, unknown> = {}): Record<string, unknown> {
  writeFileSync(join(directory, 'server.js'), server);
  return {
    id: '/test/app',
    cmd: `exec '${process.execPath}' server.js`,
    cpus: 0.1,
    mem: 32,
    instances: 2,
    fetch: [{ uri: `file://${join(directory, 'server.js')}` }],
    healthChecks: [{ protocol: 'HTTP', path: '/healthz', gracePeriodSeconds: 10, intervalSeconds: 1, timeoutSeconds: 5 }],
    backoffSeconds: 0,
    ...more,
  };
}

const ids = ({ tasks }: AppView): string[] => tasks.map(({ id }) => id).sort();

describe.each(['protobuf', 'json'] as const)('on a cluster that speaks %s', (encoding) => {
  it('an app is deployed, replaced where it dies, scaled and removed', async () => {
    await start(encoding);
    await request('POST', '/v2/apps', service({ env: { COLOUR: 'red' } }));
    const app = await appOnceIt(({ tasksHealthy }) => tasksHealthy === 2);
    expect(app.deployments).toEqual([]);
    const [first, second] = app.tasks as [TaskView, TaskView];
    expect(await ask(first, 'env/COLOUR')).toBe('red');
    expect(await ask(first, 'env/MESOS_TASK_ID')).toBe(first.id);
    expect(await ask(first, 'file/server.js')).toBe(server);

    process.kill(Number(await ask(first, 'pid')), 'SIGKILL');
    const healed = await appOnceIt((now) => now.tasksHealthy === 2 && !ids(now).includes(first.id));
    expect(ids(healed)).toContain(second.id);
    expect(healed.lastTaskFailure).toMatchObject({ taskId: first.id, state: 'TASK_FAILED' });

    const pids = await Promise.all(healed.tasks.map(async (task) => Number(await ask(task, 'pid'))));
    await request('PUT', '/v2/apps/test/app', { instances: 0 });
    await appOnceIt(({ tasks }) => tasks.length === 0);
    await vi.waitUntil(() => !pids.some(lives));
  });

  it('its tasks outlive Marathon, which finds them again and goes on', async () => {
    await start(encoding);
    await request('POST', '/v2/apps', service());
    const before = await appOnceIt(({ tasksHealthy }) => tasksHealthy === 2);
    const frameworkId = marathon.frameworkId;
    await marathon.stop();
    await start(encoding);
    const after = await appOnceIt(({ tasksHealthy }) => tasksHealthy === 2);
    expect(ids(after)).toEqual(ids(before));
    expect(marathon.frameworkId).toBe(frameworkId);

    await request('PUT', '/v2/apps/test/app', { env: { COLOUR: 'blue' } });
    const changed = await appOnceIt((now) => now.deployments.length === 0 && now.tasksHealthy === 2);
    expect(ids(changed).some((id) => ids(before).includes(id))).toBe(false);
    expect(await Promise.all(changed.tasks.map((task) => ask(task, 'env/COLOUR')))).toEqual(['blue', 'blue']);

    await request('DELETE', '/v2/apps/test/app');
    await vi.waitUntil(async () => ((await (await request('GET', '/v2/tasks')).json()) as AppView).tasks.length === 0, { timeout: 20_000 });
  });
});

describe('an app that can not work', () => {
  it('says why its tasks fail', async () => {
    await start('protobuf');
    await request('POST', '/v2/apps', service({ cmd: 'exit 3', healthChecks: [], backoffSeconds: 60 }));
    const app = await appOnceIt(({ lastTaskFailure }) => lastTaskFailure !== undefined);
    expect(app.lastTaskFailure).toMatchObject({ state: 'TASK_FAILED', message: 'Command exited with status 3' });
  });

  it('is killed and replaced when its health checks fail', async () => {
    await start('protobuf');
    const check = { protocol: 'HTTP', gracePeriodSeconds: 0, intervalSeconds: 1, timeoutSeconds: 1, maxConsecutiveFailures: 1 };
    await request('POST', '/v2/apps', service({ cmd: 'sleep 1000', instances: 1, healthChecks: [check] }));
    const { tasks } = await appOnceIt(({ tasksRunning }) => tasksRunning === 1);
    await appOnceIt((now) => now.tasksRunning === 1 && now.tasks[0]?.id !== tasks[0]?.id);
  });
});
