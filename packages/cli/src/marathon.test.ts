import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalMarathon } from '@streams-on-mesos/local-marathon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAppFile } from './marathon/app-file.js';
import { cli } from './testing/cli.js';

/** A Marathon that never finds its Mesos: apps without tasks are ready at once, others never. */
let marathon: Awaited<ReturnType<typeof startLocalMarathon>>;
const dir = mkdtempSync(join(tmpdir(), 'cli-marathon-'));
beforeAll(async () => {
  marathon = await startLocalMarathon({ master: '127.0.0.1:1', port: 0 });
});
afterAll(async () => {
  await marathon.stop();
  rmSync(dir, { recursive: true });
});

let files = 0;
const app = (fields: object): string => {
  const file = join(dir, `app-${(files += 1)}.json`);
  writeFileSync(file, JSON.stringify({ cmd: 'sleep ${SECONDS:-60}', cpus: 0.1, mem: 32, instances: 0, ...fields }));
  return file;
};
const marathonCli = (...args: string[]) => cli(['marathon', ...args], { MARATHON_URL: marathon.url });
const appOf = async (id: string): Promise<Record<string, unknown> | undefined> => {
  const response = await fetch(`${marathon.url}/v2/apps/${id}`);
  return response.ok ? ((await response.json()) as { app: Record<string, unknown> }).app : undefined;
};

describe('marathon submit', () => {
  it('creates apps, leaves them alone the second time, and updates what changed', async () => {
    const ports = { portDefinitions: [{ port: 0, name: 'http' }] };
    const [first, second] = [app({ id: '/group/a', ...ports }), app({ id: 'b' })];
    const created = await marathonCli('submit', first, second);
    expect(created).toMatchObject({ code: 0, stderr: '/group/a: created\n/b: created\n' });
    expect(created.stdout).toMatch(/^App +Instances +Running +Healthy\n\/group\/a +0 +0 +-\n\/b +0 +0 +-\n$/);
    const version = (await appOf('group/a'))?.['version'];

    expect(await marathonCli('submit', first, second)).toMatchObject({ code: 0, stderr: '/group/a: unchanged\n/b: unchanged\n' });
    expect((await appOf('group/a'))?.['version']).toBe(version);

    const changed = await marathonCli('submit', first, '--env', 'SECONDS=5');
    expect(changed).toMatchObject({ code: 0, stderr: '/group/a: updated\n' });
    expect((await appOf('group/a'))?.['cmd']).toBe('sleep 5');
  });

  it('waits for tasks, and ends with 1 and the reason when they do not come', async () => {
    const { code, stdout, stderr } = await marathonCli('submit', app({ id: 'never', instances: 2 }), '--timeout', '0.6');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/gave up after 0\.6 s: \/never: 0 of 2 running\n$/);
    await marathonCli('stop', 'never');
  });

  it('says soon what to do when there is no Marathon', async () => {
    const { code, stderr } = await cli(['marathon', 'submit', app({ id: 'x' }), '--timeout', '0.6'], {
      MARATHON_URL: 'http://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/Marathon does not answer: .*127\.0\.0\.1:1.* MARATHON_URL .*make startMesos/);
  });

  it('refuses what is no URL of a Marathon', async () => {
    expect(await cli(['marathon', 'apps'], { MARATHON_URL: 'localhost:8080' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MARATHON_URL = localhost:8080: must be a URL such as http://localhost:8080') as string,
    });
  });

  it('says what Marathon says against an app', async () => {
    expect(await marathonCli('submit', app({ id: 'bad', cpus: -1 }))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cpus') as string,
    });
    expect(await appOf('bad')).toBeUndefined();
  });
});

describe('marathon stop', () => {
  it('removes apps, named by id or by file, and does not mind those that are not there', async () => {
    const file = app({ id: '/to-stop' });
    await marathonCli('submit', file, app({ id: '/to-stop-too' }));
    const stopped = await marathonCli('stop', file, 'to-stop-too', 'never-there');
    expect(stopped).toMatchObject({ code: 0, stdout: 'stopped /to-stop, /to-stop-too, /never-there\n' });
    expect([await appOf('to-stop'), await appOf('to-stop-too')]).toEqual([undefined, undefined]);
  });

  it('keeps apps that are scaled to zero', async () => {
    await marathonCli('submit', app({ id: 'scaled', instances: 3 }), '--timeout', '0');
    expect(await marathonCli('stop', '--scale-to-zero', 'scaled')).toMatchObject({ code: 0 });
    expect(await appOf('scaled')).toMatchObject({ instances: 0 });
  });
});

describe('marathon apps', () => {
  it('lists them, as JSON too', async () => {
    await marathonCli('submit', app({ id: 'listed' }));
    expect((await marathonCli('apps')).stdout).toMatch(/^\/listed +0 +0 +-$/m);
    const { apps } = JSON.parse((await marathonCli('apps', '--json')).stdout) as { apps: { id: string }[] };
    expect(apps.map(({ id }) => id)).toContain('/listed');
  });
});

describe('the apps of this project', () => {
  it('need no more than the addresses and the artifacts', () => {
    const directory = fileURLToPath(new URL('../../../marathon/local/', import.meta.url));
    const values = {
      ARTIFACT_BASE: 'http://artifacts',
      ALLOCATION_SERVICE_TARBALL: 'a.tgz',
      OFFER_SERVICE_TARBALL: 'o.tgz',
      STREAMS_BRIDGE_TARBALL: 's.tgz',
      ZOOKEEPER: 'zk:2181',
      RABBITMQ_URL: 'amqp://mq',
      MESOS_MASTER: 'zk://zk:2181/mesos',
    };
    const ids = readdirSync(directory).map((file) => readAppFile(join(directory, file), values).id);
    expect(ids.sort()).toEqual(['allocation-service', 'offer-service', 'streams-bridge'].map((name) => `/streams-on-mesos/${name}`));
  });
});
