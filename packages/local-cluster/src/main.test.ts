import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from './testing/processes.js';
import { testTask, TestFramework } from './testing/test-cluster.js';

const directory = mkdtempSync(join(tmpdir(), 'local cluster process '));
const program = join(directory, 'main.mjs');
const children: ChildProcess[] = [];

beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    banner: { js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);" },
    logLevel: 'warning',
  }),
);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const startWith = (env: NodeJS.ProcessEnv, ...args: string[]) => {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  return { child, output, exited: once(child, 'exit') as Promise<[code: number | null, signal: string | null]> };
};

const start = (...args: string[]) => startWith({}, ...args);

/** Everything whose environment or command line names the work directory. */
const processesOf = (workDir: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) =>
      ['environ', 'cmdline'].some((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(workDir);
        } catch {
          return false;
        }
      }),
    );

const startWithTasks = async (workDir: string) => {
  const cluster = start('--port', '0', '--agents', '2', '--work-dir', workDir);
  const url = await until('the log line that it is ready', () => /"url":"([^"]+)"/.exec(cluster.output.stdout)?.[1]);
  const framework = await TestFramework.subscribe(url);
  // One that ignores what it is told, one with a child out of its process group.
  await framework.launch(
    testTask('stubborn', `trap '' TERM; while true; do sleep 1; done`),
    testTask('hidden', 'setsid sleep 1000 & wait'),
  );
  await framework.status('stubborn', 'TASK_RUNNING');
  await framework.status('hidden', 'TASK_RUNNING');
  await until('all processes', () => processesOf(workDir).length >= 6);
  return cluster;
};

describe('the local-cluster process', () => {
  it('SIGTERM ends it with 0 and leaves no process behind', async () => {
    const workDir = join(directory, 'work one');
    const { child, exited } = await startWithTasks(workDir);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(processesOf(workDir)).toEqual([]);
  });

  it('killed with -9, it takes its tasks along', async () => {
    const workDir = join(directory, 'work two');
    const { child, exited } = await startWithTasks(workDir);
    child.kill('SIGKILL');
    await exited;
    await until('nothing is left', () => processesOf(workDir).length === 0);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('nothing is left of a work directory that nobody named after %s', async (signal) => {
    const { child, output, exited } = start('--port', '0', '--agents', '1');
    const find = (name: string) => until(name, () => new RegExp(`"${name}":"([^"]+)"`).exec(output.stdout)?.[1]);
    const [workDir, framework] = [await find('workDir'), await TestFramework.subscribe(await find('url'))];
    await framework.launch(testTask('writes', 'while true; do mktemp -p .; done'));
    await framework.status('writes', 'TASK_RUNNING');
    expect(existsSync(join(workDir, 'slaves'))).toBe(true);
    child.kill(signal);
    await exited;
    // By the shell that waits for the end, where the cluster could not do it itself.
    if (signal === 'SIGKILL') await until('its end', () => !existsSync(workDir));
    expect(existsSync(workDir)).toBe(false);
  });

  it('nor after a start that failed', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const tmp = mkdtempSync(join(directory, 'tmp-'));
    const { port } = taken.address() as AddressInfo;
    const { exited, output } = startWith({ TMPDIR: tmp }, '--port', '0', '--agents', '1', '--faults-port', String(port));
    expect((await exited)[0]).toBe(1);
    expect(output.stderr).toContain(`127.0.0.1:${port} is in use`);
    expect(readdirSync(tmp)).toEqual([]);
    taken.close();
  });

  it('one that was named is kept', async () => {
    const workDir = join(directory, 'kept');
    const { child, output, exited } = start('--port', '0', '--agents', '1', '--work-dir', workDir);
    await until('ready', () => output.stdout.includes('"ready"'));
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(workDir)).toBe(true);
  });

  it('a work directory that can not be made is said, and ends it', async () => {
    const { exited, output } = start('--port', '0', '--work-dir', '/proc/no/such');
    expect(await exited).toEqual([2, null]);
    expect(output.stderr).toMatch(/^local-cluster: --work-dir: no directory can be made in '\/proc\/no\/such' \(ENOENT\); name one that/);
  });

  it.each([
    [['--agents', 'many'], 'must be a whole number'],
    [['--agents', '61'], '--agents: 61'],
    [['--resources', 'cpus=4'], `--resources: 'cpus=4'`],
    [['--authenticate_http_frameworks'], '`--http_framework_authenticators`'],
    [['--no-such-option'], '--no-such-option'],
    [['--attributes', 'rack:a', 'rack:b'], `'rack:b' is no command and belongs to no option`],
  ])('%j is refused with 2, saying why', async (args, message) => {
    const { exited, output } = start('--port', '0', '--work-dir', directory, ...args);
    expect(await exited).toEqual([2, null]);
    expect(output.stderr).toContain(message);
    expect(output.stderr).not.toContain('    at ');
  });

  it('what is wrong with the command conformance is a misuse, too', async () => {
    const { exited, output } = start('conformance', '--no-such-option');
    expect(await exited).toEqual([2, null]);
    expect(output.stderr).toContain('--no-such-option');
  });

  it('--help names every flag', async () => {
    const { exited, output } = start('--help');
    expect(await exited).toEqual([0, null]);
    for (const flag of ['masters', 'zk-session-timeout', 'registry', 'domain', 'authenticate-http-readwrite', 'faults-port'])
      expect(output.stdout).toContain(`--${flag} `);
  });

  it(`takes Mesos's spelling, and its port for faults works while the master is dead`, async () => {
    const { output } = start(
      ...['--port=0', '--agents=1', '--faults_port=0', `--work_dir=${directory}/work three`],
      '--no-root_submissions',
    );
    const find = (name: string) => until(name, () => new RegExp(`"${name}":"([^"]+)"`).exec(output.stdout)?.[1]);
    const [url, faults] = [await find('url'), await find('faultsUrl')];
    const flags = (await (await fetch(`${url}/flags`)).json()) as { readonly flags: Record<string, string> };
    expect(flags.flags).toMatchObject({ root_submissions: 'false' });
    const set = (fault: object) =>
      fetch(`${faults}/local-cluster/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(fault),
      });
    expect((await set({ fault: 'kill-master', master: 'leader' })).status).toBe(200);
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
    expect((await set({ fault: 'return-master', master: new URL(url).host })).status).toBe(200);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('a port that is taken is said, and ends it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { exited, output } = start('--port', String(port), '--work-dir', directory);
    expect((await exited)[0]).toBe(1);
    expect(output.stderr).toContain(`--port: 127.0.0.1:${port} is in use`);
    server.close();
  });

  it('a ZooKeeper that is not reached is said', async () => {
    const { output } = start('--port', '0', '--agents', '1', '--work-dir', directory, '--zk', 'zk://name:secret@127.0.0.1:1/mesos');
    await until('the log line', () => output.stdout.includes('"servers":"127.0.0.1:1","msg":"ZooKeeper is not reached: trying on"'));
    expect(output.stdout).not.toContain('secret');
  });
});
