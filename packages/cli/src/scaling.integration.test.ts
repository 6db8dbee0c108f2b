import { randomUUID } from 'node:crypto';
import {
  createLogger,
  createMetrics,
  frameworkPaths,
  InstanceRegistration,
  startHttp,
  ZooKeeperConnection,
  type InstanceRole,
} from '@streams-on-mesos/service';
import { startLocalMarathon } from '@streams-on-mesos/local-marathon';
import { Router } from 'express';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { RuntimeCounts, ScalingConfig } from './domain/scaling.js';
import { cli } from './testing/cli.js';

const silent = createLogger('test', 'silent');

/** Plays the instances of allocation-service in a framework of its own. */
const allocationInstances = async () => {
  const frameworkName = `cli-${randomUUID()}`;
  const zookeeper = await ZooKeeperConnection.connect(inject('zookeeper'), { logger: silent });
  onTestFinished(() => zookeeper.close());
  const serve = async (role: InstanceRole, routes: Router, leader?: { self: boolean; url?: string }): Promise<string> => {
    const { url, close } = await startHttp({
      config: { httpHost: '127.0.0.1', httpPort: 0 },
      logger: silent,
      metrics: createMetrics('test'),
      signal: new AbortController().signal,
      readiness: () => ({ ready: true, role }),
      routes,
      ...(leader === undefined ? {} : { leader: () => leader }),
    });
    onTestFinished(close);
    const instance = { id: randomUUID(), service: 'allocation-service', url, role };
    await InstanceRegistration.register(zookeeper, frameworkPaths(frameworkName), instance);
    return url;
  };
  return { env: { ZOOKEEPER: inject('zookeeper'), FRAMEWORK_NAME: frameworkName }, serve };
};

/** One node more, or fewer, at each question. */
const scalingRoutes = (puts: ScalingConfig[], live = 0): Router => {
  const routes = Router();
  let nodes = live;
  routes.put('/api/v1/config', (request, response) => {
    puts.push(request.body as ScalingConfig);
    response.json(request.body);
  });
  routes.get('/api/v1/config/runtime', (_request, response) => {
    const wanted = puts.at(-1)?.num_of_node ?? 0;
    response.json({ num_of_node: wanted, num_of_live_node: nodes } satisfies RuntimeCounts);
    nodes += Math.sign(wanted - nodes);
  });
  return routes;
};

const set = (nodes: number, ...more: string[]): string[] => ['config', 'set', '--num-of-node', String(nodes), ...more];

describe('config set', () => {
  it('finds the leader, shows progress, and ends when as many live as are wanted', async () => {
    const { env, serve } = await allocationInstances();
    const puts: ScalingConfig[] = [];
    await serve('leader', scalingRoutes(puts));
    await serve('standby', Router());
    const result = await cli(set(2, '--cpu-of-node', '0.2', '--mem-of-node', '32', '--wait', '--json'), env);
    expect(result).toMatchObject({ code: 0, stderr: '0 of 2 nodes live\n1 of 2 nodes live\n' });
    expect(JSON.parse(result.stdout)).toEqual({ num_of_node: 2, num_of_live_node: 2 });
    expect(puts).toEqual([{ num_of_node: 2, general_config: { cpu_of_node: 0.2, mem_of_node: 32 } }]);
  });

  it('waits for a leader', async () => {
    const { env, serve } = await allocationInstances();
    const running = cli(set(1), env);
    const puts: ScalingConfig[] = [];
    await serve('leader', scalingRoutes(puts));
    expect(await running).toMatchObject({ code: 0, stdout: 'asked for 1 node\n' });
    expect(puts).toHaveLength(1);
  });

  it('says how many there are of counted licences', async () => {
    const { env, serve } = await allocationInstances();
    const puts: ScalingConfig[] = [];
    await serve('leader', scalingRoutes(puts));
    expect(await cli(set(1, '--licence', 'streams=10', '--licence', 'other=0'), env)).toMatchObject({ code: 0 });
    expect(puts).toEqual([{ num_of_node: 1, licences: { streams: 10, other: 0 } }]);
    expect(await cli(set(1, '--licence', 'streams'), env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name=count') as string,
    });
  });

  it('follows the redirect of an instance that leads no more, body and all', async () => {
    const { env, serve } = await allocationInstances();
    const puts: ScalingConfig[] = [];
    const leader = await serve('leader', scalingRoutes(puts));
    const former = await serve('standby', Router(), { self: false, url: leader });
    expect(await cli(set(3), { ...env, ALLOCATION_URL: former })).toMatchObject({ code: 0 });
    expect(puts).toEqual([{ num_of_node: 3 }]);
  });

  it('ends with the reason when the time is up', async () => {
    const { env, serve } = await allocationInstances();
    await serve('leader', scalingRoutes([], 0));
    const { code, stdout, stderr } = await cli(set(1000, '--wait', '--timeout', '1'), env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/gave up after 1 s: \d of 1000 nodes live\n$/);
    const alone = await cli(set(1, '--timeout', '0.5'), { ...env, FRAMEWORK_NAME: 'nobody' });
    expect(alone).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no allocation-service is registered for the framework nobody') as string,
    });
  });

  it('does not wait for a service that Marathon is not to run', async () => {
    const { env } = await allocationInstances();
    const marathon = await startLocalMarathon({ master: '127.0.0.1:1', port: 0 });
    onTestFinished(() => marathon.stop());
    const withMarathon = { ...env, MARATHON_URL: marathon.url };
    const { code, stderr } = await cli(set(1), withMarathon);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no allocation-service runs, .* `make startScheduler` submits it\n$/);
    expect(await cli(['status'], withMarathon)).toMatchObject({
      code: 0,
      stdout: 'no apps in Marathon and no services: `make startScheduler` submits them\n',
    });
  });

  it('ends at once when it is refused', async () => {
    const { env, serve } = await allocationInstances();
    const routes = Router();
    routes.put('/api/v1/config', (_request, response) => {
      response.status(400).json({ error: { message: 'num_of_node: at most 10000', field: 'num_of_node' } });
    });
    await serve('leader', routes);
    expect(await cli(set(99_999), env)).toMatchObject({ code: 1, stderr: expect.stringContaining('at most 10000') as string });
  });
});

describe('status', () => {
  it('shows who runs and how many nodes live', async () => {
    const { env, serve } = await allocationInstances();
    const url = await serve('leader', scalingRoutes([{ num_of_node: 1 }], 1));
    const { code, stdout } = await cli(['status'], env);
    expect(stdout).toMatch(new RegExp(`allocation-service +leader +${url} +yes\n\n1 of 1 nodes live\n$`));
    expect(code).toBe(0);
  });

  it('shows how far a change of the size has come', async () => {
    const { env, serve } = await allocationInstances();
    const routes = Router();
    routes.get('/api/v1/config/runtime', (_request, response) => {
      response.json({ num_of_node: 3, num_of_live_node: 3, rolling: { of_old_size: 2, waiting: 1 } } satisfies RuntimeCounts);
    });
    await serve('leader', routes);
    const { stdout } = await cli(['status'], env);
    expect(stdout).toContain('3 of 3 nodes live; 2 of the old size still to be replaced, 1 of the new size waiting for an offer\n');
  });

  it('ends with 1 when nothing is there', async () => {
    const { env } = await allocationInstances();
    expect(await cli(['status'], env)).toMatchObject({ code: 1, stdout: expect.stringContaining('no service of the framework') as string });
  });
});
