import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster, type LocalClusterOptions } from '@streams-on-mesos/local-cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Happening } from '../domain/execute/happenings.js';
import { cli, type CliResult } from '../testing/cli.js';

let workDir: string;
let cluster: LocalCluster;

const cpus = (value: number) => [{ name: 'cpus', type: 'SCALAR', scalar: { value } }];
const options: LocalClusterOptions = { agents: 2, workDir: '', allocationIntervalMs: 50, resources: 'cpus:8;mem:16384;disk:1000' };

beforeAll(async () => {
  workDir = mkdtempSync(join(tmpdir(), 'cli-execute-'));
  cluster = await startLocalCluster({ ...options, workDir });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(workDir, { recursive: true, force: true });
});

const execute = (...args: string[]): Promise<CliResult> => cli(['execute', '--master', cluster.address, ...args]);

/** What --json tells of, a line each. */
const happenings = ({ stdout }: CliResult): Happening[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Happening);

const sandboxOf = (task: string): string => {
  const runs = join('executors', task, 'runs');
  const path = readdirSync(workDir, { recursive: true, encoding: 'utf8' }).find((each) => each.endsWith(runs));
  return join(workDir, path ?? `no sandbox of ${task}`, 'latest');
};

const stdoutOf = (task: string): string => readFileSync(join(sandboxOf(task), 'stdout'), 'utf8');

const isRunning = async (task: string): Promise<boolean> => {
  const { tasks } = (await (await fetch(`${cluster.url}/master/tasks`)).json()) as { tasks: { state: string; id: string }[] };
  return tasks.some(({ id, state }) => id === task && state === 'TASK_RUNNING');
};

/** Names of the frameworks that the master still has. */
const frameworks = async (): Promise<string[]> => {
  const { frameworks: known } = (await (await fetch(`${cluster.url}/master/frameworks`)).json()) as { frameworks: { name: string }[] };
  return known.map(({ name }) => name);
};

const until = async (what: string, check: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('execute', () => {
  it('runs a command and tells what happens, as mesos-execute does', async () => {
    const { code, stdout, stderr } = await execute('--name', 'cluster-test', '--command', 'sleep 0.1');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Subscribed with ID \S+-\d{4}\nSubmitted task 'cluster-test' to agent '\S+-S\d' \(127\.0\.0\.1[12]\)\n/);
    expect([...stdout.matchAll(/^Received status update (\S+) for task 'cluster-test'$/gm)].map(([, state]) => state)).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
      'TASK_FINISHED',
    ]);
    expect(stdout).toContain("  message: 'Command exited with status 0'\n");
    expect(code).toBe(0);
    expect(await frameworks()).toEqual([]);
  });

  it.each(['json', 'protobuf'])('speaks %s; --json tells the same as JSON, a line each', async (encoding) => {
    const result = await execute('--name', 't', '--command', 'true', '--encoding', encoding, '--json');
    const told = happenings(result);
    expect(told.map(({ event }) => event)).toEqual(['subscribed', 'submitted', 'status', 'status', 'status']);
    expect(told.at(-1)).toMatchObject({ status: { state: 'TASK_FINISHED', task_id: { value: 't' } } });
    expect(result.code).toBe(0);
  });

  it('ends with 1 and the reason when the command fails', async () => {
    expect(await execute('--name', 't', '--command', 'exit 3')).toMatchObject({
      code: 1,
      stderr: "streams-on-mesos: task 't' ended with TASK_FAILED: Command exited with status 3\n",
    });
  });

  it('hands environment and arguments over', async () => {
    const file = join(workDir, 'env.json');
    writeFileSync(file, '{"GREETING":"good day"}');
    expect((await execute('--name', 'with-env', '--env', file, '--command', 'echo "$GREETING"')).code).toBe(0);
    expect(stdoutOf('with-env')).toContain('good day\n');
    expect((await execute('--name', 'no-shell', '--no-shell', '--command', '/bin/echo', '--', '-a', '$b  c')).code).toBe(0);
    expect(stdoutOf('no-shell')).toContain('-a $b  c\n');
  });

  it('--kill-after: it is killed, which is a failure', async () => {
    const { code, stdout, stderr } = await execute('--name', 't', '--command', 'sleep 1000', '--kill-after', '50ms');
    expect(stdout).toMatch(/Asked to kill task 't'\n(.*\n)*Received status update TASK_KILLED/);
    expect(stderr).toContain('TASK_KILLED');
    expect(code).toBe(1);
  });

  it('a TaskInfo of its own', async () => {
    const task = { name: 'n', task_id: { value: 'own' }, agent_id: { value: '' }, resources: cpus(0.5), command: { value: 'exit 0' } };
    const result = await execute('--task', JSON.stringify(task), '--json');
    expect(happenings(result)[1]).toMatchObject({ event: 'submitted', task_ids: ['own'] });
    expect(result.code).toBe(0);
  });

  it('a group of tasks, which end together', async () => {
    const task = (id: string, value: string) => ({
      name: id,
      task_id: { value: id },
      resources: [...cpus(0.1), { name: 'mem', type: 'SCALAR', scalar: { value: 32 } }],
      command: { value },
    });
    const group = (...tasks: object[]) => execute('--task-group', JSON.stringify({ tasks }), '--json');
    const finished = await group(task('one', 'true'), task('two', 'sleep 0.1'));
    expect(happenings(finished)[1]).toMatchObject({ event: 'submitted', task_ids: ['one', 'two'] });
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    const failed = await group(task('good', 'sleep 1000'), task('bad', 'exit 4'));
    expect(failed.stderr).toContain("task 'bad' ended with TASK_FAILED: Command exited with status 4");
    expect(failed.stderr).toContain("task 'good' ended with TASK_KILLED");
    expect(failed.code).toBe(1);
  });

  it('says why nothing fits, and gives up when it was told to', async () => {
    const { code, stdout, stderr } = await execute(
      '--name',
      't',
      '--command',
      'true',
      '--resources',
      'cpus:8.5;mem:1',
      '--timeout',
      '500ms',
    );
    expect(stdout).toMatch(/^Subscribed with ID \S+\n$/);
    expect(stderr).toMatch(
      /^streams-on-mesos: not done within 0\.5 s: no offer fits: cpus:8\.5;mem:1 wanted, agent 127\.0\.0\.1[12] is short of cpus:0\.5\n$/,
    );
    expect(code).toBe(1);
    expect(await frameworks()).toEqual([]);
  });

  it('what the master refuses is the reason, at once', async () => {
    const { code, stderr } = await execute('--name', 't', '--command', 'true', '--role', 'a/../b');
    expect(stderr).toMatch(/^streams-on-mesos: could not subscribe: the master says: .*a\/\.\.\/b/);
    expect(code).toBe(1);
    const invalid = await execute('--name', 'a/b', '--command', 'true');
    expect(invalid.stderr).toBe(
      "streams-on-mesos: task 'a/b' ended with TASK_ERROR: 'a/b' contains invalid characters (REASON_TASK_INVALID)\n",
    );
    expect(invalid.code).toBe(1);
  });

  it('a lost connection does not end it', async () => {
    const running = execute('--name', 'held', '--command', 'while [ ! -e end ]; do sleep 0.05; done', '--json');
    await until('it runs', () => isRunning('held'));
    const { frameworks: known } = (await (await fetch(`${cluster.url}/master/frameworks`)).json()) as { frameworks: { id: string }[] };
    cluster.faults.set({ fault: 'cut-stream', framework: known[0]?.id ?? '' });
    writeFileSync(join(sandboxOf('held'), 'end'), '');
    const result = await running;
    expect(result.stderr).toMatch(/^lost the subscription: /);
    expect(happenings(result).at(-1)).toMatchObject({ status: { state: 'TASK_FINISHED' } });
    expect(result.code).toBe(0);
    expect(await frameworks()).toEqual([]);
  });

  it('says at once which ZooKeeper it waits for, without its password', async () => {
    const master = 'zk://name:hidden@127.0.0.1:1/mesos';
    const { code, stderr } = await cli(['execute', '--master', master, '--name', 't', '--command', 'true', '--timeout', '50ms']);
    expect(stderr).toBe(
      'waiting for ZooKeeper at 127.0.0.1:1 to say which master leads (/mesos)\nstreams-on-mesos: not done within 0.05 s\n',
    );
    expect(code).toBe(1);
  });

  it('interrupted, it kills what it started and leaves nothing', async () => {
    const running = execute('--name', 'long', '--command', 'sleep 1000');
    await until('it runs', () => isRunning('long'));
    process.emit('SIGINT');
    const { code, stdout, stderr } = await running;
    expect(stdout).toContain('Received status update TASK_KILLED');
    expect(stderr).toMatch(/^streams-on-mesos: interrupted: task 'long' ended with TASK_KILLED/);
    expect(code).toBe(1);
    expect(await frameworks()).toEqual([]);
  });

  it.each([
    [['--command', 'true'], /--name is missing/],
    [['--name', 't'], /--command is missing/],
    [['--name', 't', '--command', 'true', 'x'], /'x': arguments are for --no-shell/],
    [['--name', 't', '--command', 'true', '--resources', 'cpus'], /--resources cpus: 'cpus' is not name:number/],
    [['--name', 't', '--command', 'true', '--env', '{"A":1}'], /--env: give an object of texts/],
    [['--name', 't', '--command', 'true', '--env', '/nonexistent'], /--env: \/nonexistent cannot be read \(ENOENT\)/],
    [['--name', 't', '--command', 'true', '--kill-after', '5parsecs'], /must be a number of seconds/],
    [['--name', 't', '--command', 'true', '--framework-capabilities', 'FLYING'], /must be GPU_RESOURCES/],
    [['--name', 't', '--command', 'true', '--secret-file', '/x'], /--principal/],
    [['--task', '{}', '--name', 't'], /no place beside --task/],
    [['--task', '{}', '--task-group', '{}'], /give one of them/],
    [['--task', '{"name":"t","task_id":{"value":"t"},"comand":{}}'], /--task: task_infos\[0\]\.comand: TaskInfo has no such field/],
    [['--task', '{"name":"t"}'], /--task: task_infos\[0\]\.task_id: required and missing/],
    [['--task-group', '{"tasks":[]}'], /one TaskInfo at least/],
    [['--master', 'nowhere', '--name', 't', '--command', 'true'], /--master/],
  ])('ends with 2 and says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await cli(['execute', ...args]);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
