import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandInfo } from '../generated/protocol.js';
import { readSandbox, startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../testing/test-cluster.js';
import { isAlive, until } from '../testing/processes.js';

afterEach(stopTestClusters);

describe.each(['json', 'pb'] as const)('a command task, told of in %s', (encoding) => {
  const start = async () => {
    const cluster = await startTestCluster({ executorEnvironment: { GIVEN: 'by the agent', BOTH: 'agent' } });
    return { cluster, framework: await TestFramework.subscribe(cluster.url, { encoding }) };
  };

  it('runs in its sandbox and writes there', async () => {
    const { cluster, framework } = await start();
    await framework.launch(testTask('t', 'pwd; echo trouble >&2; echo kept > file'));
    expect((await framework.end('t')).state).toBe('TASK_FINISHED');
    expect(readSandbox(cluster, 't', 'stdout').trim()).toMatch(`${cluster.workDir}/slaves/`);
    expect(readSandbox(cluster, 't', 'stderr')).toBe('trouble\n');
    expect(readSandbox(cluster, 't', 'file')).toBe('kept\n');
  });

  it('gets a clean environment: what Mesos, the agent and the task set, nothing of this process', async () => {
    const { cluster, framework } = await start();
    const variables = [
      { name: 'OWN', value: 'of the task' },
      { name: 'BOTH', value: 'task' },
    ];
    process.env['SECRET_OF_THE_TESTS'] = 'x';
    const offer = await framework.launch(testTask('t', { value: 'env', environment: { variables } }));
    await framework.end('t');
    const environment = Object.fromEntries(
      readSandbox(cluster, 't', 'stdout')
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(environment).toMatchObject({
      GIVEN: 'by the agent',
      OWN: 'of the task',
      BOTH: 'task',
      MESOS_FRAMEWORK_ID: framework.id,
      MESOS_EXECUTOR_ID: 't',
      MESOS_SLAVE_ID: offer.agent_id.value,
      MESOS_SANDBOX: environment['PWD'],
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    });
    expect(environment['SECRET_OF_THE_TESTS']).toBeUndefined();
  });

  it('can be a program with arguments instead of a shell command', async () => {
    const { cluster, framework } = await start();
    await framework.launch(testTask('t', { shell: false, value: '/bin/echo', arguments: ['echo', 'a  b', '$HOME'] }));
    await framework.end('t');
    expect(readSandbox(cluster, 't', 'stdout')).toBe('a  b $HOME\n');
  });

  it('is killed: SIGTERM first, SIGKILL after the grace period of the call', async () => {
    const { cluster, framework } = await start();
    const stubborn = testTask('stubborn', `trap 'echo asked' TERM; echo ready; while true; do sleep 0.1; done`, {
      kill_policy: { grace_period: { nanoseconds: 60e9 } },
    });
    await framework.launch(stubborn);
    await until('the trap is set', () => readSandbox(cluster, 'stubborn', 'stdout').includes('ready'));
    const askedAt = Date.now();
    const kill_policy = { grace_period: { nanoseconds: 0.5e9 } };
    await framework.call({ type: 'KILL', kill: { task_id: { value: 'stubborn' }, kill_policy } });
    expect(await framework.end('stubborn')).toMatchObject({ state: 'TASK_KILLED', message: 'Command terminated with signal Killed' });
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(499);
    expect(framework.statuses('stubborn').map(({ state }) => state)).toContain('TASK_KILLING');
    expect(readSandbox(cluster, 'stubborn', 'stdout')).toContain('asked');
  });
});

describe('what a task leaves running', () => {
  it('ends with it, in its process group or not', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'sleep 1000 & echo $!; setsid sleep 1001 & sleep 0.2; pgrep -P $$ -f "sleep 1001"; sleep 1000'));
    const pids = await until('both pids', () => {
      const lines = readSandbox(cluster, 't', 'stdout').trim().split('\n');
      return lines.length === 2 ? lines.map(Number) : undefined;
    });
    await framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    await framework.end('t');
    await until('both are gone', () => !pids.some(isAlive));
  });

  it('ends with the cluster', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'setsid sleep 1002 & sleep 0.2; pgrep -P $$; sleep 1000'));
    const pid = await until('its pid', () => Number(readSandbox(cluster, 't', 'stdout').trim().split('\n')[0]) || undefined);
    await stopTestClusters();
    expect(isAlive(pid)).toBe(false);
  });

  it('ends with the framework, whose id is not taken again', async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', 'echo $$; exec sleep 1000'));
    const pid = await until('its pid', () => Number(readSandbox(cluster, 't', 'stdout').trim()) || undefined);
    await framework.call({ type: 'TEARDOWN' });
    await until('it is gone', () => !isAlive(pid));
  });
});

describe('URIs', () => {
  const directory = mkdtempSync(join(tmpdir(), 'local cluster, with spaces '));
  let server: Server;
  let url: string;

  beforeAll(async () => {
    mkdirSync(join(directory, 'program'));
    writeFileSync(join(directory, 'program/run.sh'), 'echo from the archive', { mode: 0o755 });
    writeFileSync(join(directory, 'plain file.txt'), 'plain');
    writeFileSync(join(directory, 'script'), '#!/bin/sh\necho executed\n');
    execFileSync('tar', ['-czf', join(directory, 'program.tgz'), '-C', directory, 'program']);
    const archive = execFileSync('tar', ['-czO', '-C', directory, 'program']);
    server = createServer((request, response) => {
      if (request.url?.startsWith('/program.tgz') === true) response.end(archive);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (uris: CommandInfo.URI[], value: string) => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url);
    await framework.launch(testTask('t', { value, uris }));
    const status = await framework.end('t');
    return { status, stdout: readSandbox(cluster, 't', 'stdout'), stderr: readSandbox(cluster, 't', 'stderr') };
  };

  it('http://: fetched by the last part of the path and unpacked', async () => {
    const { status, stdout } = await run([{ value: `${url}/program.tgz` }], './program/run.sh');
    expect([status.state, stdout]).toEqual(['TASK_FINISHED', 'from the archive\n']);
  });

  it('http:// with a query: that belongs to the name, and so it is no archive', async () => {
    const { stdout } = await run([{ value: `${url}/program.tgz?version=1` }], 'ls');
    expect(stdout.split('\n')).toEqual(['program.tgz?version=1', 'stderr', 'stdout', '']);
  });

  it.each([
    ['file:// with spaces as they are', (path: string) => `file://${path}`],
    ['file://localhost', (path: string) => `file://localhost${path}`],
    ['a plain path with spaces', (path: string) => path],
  ])('%s', async (_name, uriOf) => {
    const uris = [
      { value: uriOf(join(directory, 'program.tgz')) },
      { value: uriOf(join(directory, 'plain file.txt')), output_file: 'here.txt' },
    ];
    const { status, stdout } = await run(uris, './program/run.sh; cat here.txt');
    expect([status.state, stdout]).toEqual(['TASK_FINISHED', 'from the archive\nplain']);
  });

  it('executable; and an archive that shall not be extracted', async () => {
    const uris = [
      { value: join(directory, 'script'), executable: true },
      { value: join(directory, 'program.tgz'), extract: false },
    ];
    const { stdout } = await run(uris, './script; ls');
    expect(stdout.split('\n')).toEqual(['executed', 'program.tgz', 'script', 'stderr', 'stdout', '']);
  });

  it.each([
    ['a server that has it not', () => `${url}/absent.tgz`],
    ['a file that is not there', () => 'file:///no/such/file'],
    ['an escaped path', () => `file://${encodeURI(join(directory, 'script'))}`],
    ['a scheme that is not known', () => 'gopher://host/file'],
  ])('%s: the task fails before its command starts', async (_name, uri) => {
    const { status, stdout, stderr } = await run([{ value: uri() }], 'echo started');
    expect(status).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', source: 'SOURCE_AGENT' });
    expect(status.message).toMatch(/^Failed to launch container: Failed to fetch all URIs/);
    expect(stdout).toBe('');
    expect(stderr).toContain(`Failed to fetch '${uri()}'`);
  });

  it('output_file outside of the sandbox is refused', async () => {
    const { status } = await run([{ value: join(directory, 'script'), output_file: '../../escaped' }], 'true');
    expect(status.state).toBe('TASK_FAILED');
  });
});

describe('users', () => {
  const isRoot = process.getuid?.() === 0;
  const me = userInfo().username;

  it(`the task runs as the user of its command or framework where the cluster is root, else as the cluster's`, async () => {
    const cluster = await startTestCluster();
    const framework = await TestFramework.subscribe(cluster.url, { info: testFramework({ user: 'nobody' }) });
    await framework.launch(
      testTask('t', 'id -un; touch mine'),
      testTask('r', { value: 'id -un', user: 'root' }),
      testTask('n', { value: 'id -un', user: 'no-such-user' }),
    );
    const ends = await Promise.all(
      ['t', 'r', 'n'].map(async (id) => [(await framework.end(id)).state, readSandbox(cluster, id, 'stdout').trim()]),
    );
    expect(ends).toEqual([
      ['TASK_FINISHED', isRoot ? 'nobody' : me],
      ['TASK_FINISHED', me],
      isRoot ? ['TASK_DROPPED', ''] : ['TASK_FINISHED', me],
    ]);
  });
});
