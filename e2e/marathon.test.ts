import { checkout, openRun, processesOfRun, publishArtifacts, until } from '@streams-on-mesos/local-environment';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { faultCase } from './harness/cases.js';
import { cli as runCli } from './harness/cli.js';
import { requestJson } from './harness/http.js';
import { serviceNames } from './harness/service-process.js';

const addresses = inject('addresses');
const runDirectory = inject('runDirectory');

const cli = (args: readonly string[], env: Record<string, string> = {}): Promise<string> =>
  runCli(args, { MARATHON_URL: addresses.marathonUrl, ...env });

interface MarathonTask {
  readonly id: string;
  readonly state: string;
  readonly healthCheckResults?: readonly { readonly alive: boolean }[];
}

const tasksOf = async (app: string): Promise<MarathonTask[]> =>
  (await requestJson<{ tasks: MarathonTask[] }>('GET', `${addresses.marathonUrl}/v2/apps${app}/tasks`)).tasks;

/** The pid that a task's command runs as; what it starts in turn carries the same environment, and a higher pid. */
const pidOf = (task: MarathonTask): number | undefined =>
  processesOfRun(runDirectory)
    .filter(({ pid }) => environmentOf(pid).includes(`MESOS_EXECUTOR_ID=${task.id}`))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b)[0];

const environmentOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

const ancestorsOf = (pid: number): number[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return parent <= 1 ? [] : [parent, ...ancestorsOf(parent)];
};

describe('the services as Marathon apps', () => {
  const apps = serviceNames.map((name) => ({
    name,
    id: `/streams-on-mesos/${name}`,
    file: join(checkout, 'marathon', 'local', `${name}.json`),
  }));
  const environment: Record<string, string> = {};

  const healthyTask = (app: string, otherThan?: string): Promise<MarathonTask> =>
    until(`a healthy task of ${app}`, 60_000, async () =>
      (await tasksOf(app)).find(
        ({ id, healthCheckResults }) => id !== otherThan && healthCheckResults?.some(({ alive }) => alive) === true,
      ),
    );

  beforeAll(async () => {
    if (inject('externalMesos')) return;
    Object.assign(environment, publishArtifacts(openRun(runDirectory)), {
      FRAMEWORK_NAME: `e2e-${randomBytes(4).toString('hex')}`,
      MESOS_MASTER: addresses.mesosMaster,
      ZOOKEEPER: addresses.zookeeper,
      RABBITMQ_URL: addresses.rabbitmqUrl,
      ARTIFACT_BASE: addresses.artifactBase,
    });
    await cli(['marathon', 'submit', ...apps.map(({ file }) => file)], environment);
  });

  faultCase('run in their sandboxes, below an agent, with no word of this checkout', async () => {
    const record = JSON.parse(readFileSync(join(runDirectory, 'environment.json'), 'utf8')) as {
      parts: { Mesos: { process: { pid: number } } };
    };
    for (const { id } of apps) {
      expect(JSON.stringify(await requestJson('GET', `${addresses.marathonUrl}/v2/apps${id}`))).not.toContain(checkout);
      const pid = pidOf(await healthyTask(id))!;
      expect(readlinkSync(`/proc/${pid}/cwd`)).toMatch(new RegExp(`^${runDirectory}/mesos/.*/runs/`));
      expect(ancestorsOf(pid)).toContain(record.parts.Mesos.process.pid);
      for (const source of ['cmdline', 'environ', 'maps']) expect(readFileSync(`/proc/${pid}/${source}`, 'utf8')).not.toContain(checkout);
    }
  });

  faultCase('submitted twice stay as they are', async () => {
    const before = await Promise.all(apps.map(({ id }) => tasksOf(id)));
    await cli(['marathon', 'submit', ...apps.map(({ file }) => file)], environment);
    const after = await Promise.all(apps.map(({ id }) => tasksOf(id)));
    expect(after.flat().map(({ id }) => id)).toEqual(before.flat().map(({ id }) => id));
  });

  faultCase('are started again after kill -9', async () => {
    for (const { id } of apps) {
      const before = await healthyTask(id);
      process.kill(pidOf(before)!, 'SIGKILL');
      expect((await healthyTask(id, before.id)).state).toBe('TASK_RUNNING');
    }
  });

  faultCase('scale by the command line, which finds the leader through the registry', async () => {
    await cli(['config', 'set', '--num-of-node', '2', '--cpu-of-node', '0.1', '--mem-of-node', '32', '--wait'], environment);
    expect(JSON.parse(await cli(['--json', 'config', 'get'], environment))).toMatchObject({
      runtime: { num_of_node: 2, num_of_live_node: 2 },
    });
    await cli(['config', 'set', '--num-of-node', '0', '--wait'], environment);
  });

  faultCase('scaled to 0 end, and are gone when stopped', async () => {
    const [first] = apps;
    const pid = pidOf(await healthyTask(first!.id))!;
    await requestJson('PUT', `${addresses.marathonUrl}/v2/apps${first!.id}`, { instances: 0 });
    await until('its process gone', 30_000, () => environmentOf(pid).length === 0);
    await cli(['marathon', 'stop', ...apps.map(({ file }) => file)], environment);
    for (const { id } of apps) await expect(tasksOf(id)).rejects.toThrow(/404/);
  });
});

describe.runIf(addresses.marathonUrl !== '')('a plain app', () => {
  const id = `/e2e-${randomBytes(4).toString('hex')}`;
  const directory = mkdtempSync(join(tmpdir(), 'streams-on-mesos-app-'));
  const file = join(directory, 'app.json');
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is submitted, runs, and is removed', async () => {
    writeFileSync(file, JSON.stringify({ id, cmd: 'while :; do sleep 60; done', cpus: 0.1, mem: 32, instances: 1 }));
    await cli(['marathon', 'submit', file]);
    expect((await tasksOf(id)).map(({ state }) => state)).toEqual(['TASK_RUNNING']);
    await cli(['marathon', 'stop', file]);
    await expect(tasksOf(id)).rejects.toThrow(/404/);
    expect(readdirSync(directory)).toEqual(['app.json']);
  });
});
