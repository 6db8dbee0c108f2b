import express from 'express';
import supertest from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import type { Effect } from '../domain/events.js';
import { kinds, launched, offer, seed } from '../domain/testing/simulation.js';
import { emptyState } from '../domain/state.js';
import { Marathon } from '../marathon.js';
import { marathonRoutes } from './routes.js';
import { startHttp, type HttpServer } from './server.js';

let server: HttpServer | undefined;
let marathon: Marathon | undefined;
afterEach(async () => {
  marathon?.stop();
  await server?.close();
});

const facts = {
  version: '0.1.0',
  master: 'zk://zookeeper:2181/mesos',
  frameworkName: 'marathon',
  user: 'root',
  address: () => '127.0.0.1:8080',
};

async function setUp() {
  const effects: Effect[] = [];
  const running = new Marathon(emptyState(seed));
  marathon = running;
  const perform = (effect: Effect): void => void effects.push(effect);
  running.start({ save: () => undefined, perform, fail: () => undefined });
  running.handle({ type: 'subscribed', frameworkId: 'framework-1', newFramework: true });
  server = await startHttp('127.0.0.1', 0, marathonRoutes(running, facts), (error) => console.error(error));
  const api = supertest(server.url);
  const status = (taskId: string, state: 'TASK_RUNNING' | 'TASK_KILLED' | 'TASK_FAILED'): void =>
    running.handle({ type: 'status', status: { task_id: { value: taskId }, state, agent_id: { value: 'agent-1' }, message: 'because' } });
  /** Offers until now, and a RUNNING for what was launched on them. */
  const launch = (): string[] => {
    const before = effects.length;
    running.handle({ type: 'offers', offers: [offer()] });
    const ids = launched(effects.slice(before)).map(({ task_id }) => task_id.value);
    for (const id of ids) status(id, 'TASK_RUNNING');
    return ids;
  };
  return { api, effects, launch, status };
}

const app = { id: '/group/app', cmd: 'run', cpus: 0.1, mem: 32 };

describe('POST /v2/apps', () => {
  it('creates an app with the defaults of Marathon', async () => {
    const { api, effects } = await setUp();
    const response = await api.post('/v2/apps').send(app).expect(201);
    expect(response.headers).toMatchObject({ location: 'http://127.0.0.1:8080/v2/apps/group/app' });
    expect(response.body).toMatchObject({
      id: '/group/app',
      cmd: 'run',
      instances: 1,
      disk: 0,
      env: {},
      backoffSeconds: 1,
      backoffFactor: 1.15,
      portDefinitions: [{ port: 0, protocol: 'tcp', name: 'default' }],
      upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      tasksRunning: 0,
      tasksStaged: 0,
      deployments: [{ id: response.headers['marathon-deployment-id'] }],
    });
    expect(kinds(effects)).toContain('revive');
  });

  it('refuses an id that exists', async () => {
    const { api } = await setUp();
    await api.post('/v2/apps').send(app).expect(201);
    await api
      .post('/v2/apps')
      .send({ ...app, id: 'group/app/' })
      .expect(409, { message: 'An app with id [/group/app] already exists.' });
  });

  it('understands the older forms of fields', async () => {
    const { api } = await setUp();
    const older = { ...app, args: null, container: null, ports: [0, 8000], uris: ['http://host/service.tgz', 'http://host/plain'] };
    const { body } = await api.post('/v2/apps').send(older).expect(201);
    expect(body.portDefinitions.map(({ port }: { port: number }) => port)).toEqual([0, 8000]);
    expect(body.fetch.map(({ extract }: { extract: boolean }) => extract)).toEqual([true, false]);
  });

  it.each([
    [{ ...app, cpus: 'much' }, 400, '/cpus'],
    [{ ...app, cpus: -1 }, 422, '/cpus'],
    [{ ...app, instances: 1.5 }, 400, '/instances'],
    [{ ...app, id: undefined }, 422, '/id'],
    [{ ...app, id: '/Group' }, 422, '/id'],
    [{ ...app, cmd: undefined }, 422, '/cmd'],
    [{ ...app, env: { A: 1 } }, 400, '/env/A'],
    [{ ...app, container: { type: 'DOCKER', docker: { image: 'x' } } }, 422, '/container'],
    [{ ...app, networks: [{ mode: 'container' }] }, 422, '/networks'],
    [{ ...app, healthChecks: [{ protocol: 'SMTP' }] }, 422, '/healthChecks(0)/protocol'],
    [{ ...app, constraints: [['hostname', 'GROUP_BY']] }, 422, '/constraints(0)'],
    [{ ...app, ports: [1], portDefinitions: [] }, 422, '/ports'],
    [[app], 400, '/'],
  ])('says what is wrong with %j', async (body, status, path) => {
    const { api } = await setUp();
    const response = await api.post('/v2/apps').send(body).expect(status);
    expect(response.body.details.map((detail: { path: string }) => detail.path)).toEqual([path]);
    expect(response.body.details[0].errors[0]).toBeTypeOf('string');
    expect((await api.get('/v2/apps')).body).toEqual({ apps: [] });
  });

  it('answers what is no JSON, too much of it or another type', async () => {
    const { api } = await setUp();
    const json = { 'Content-Type': 'application/json' };
    expect((await api.post('/v2/apps').set(json).send('{').expect(400)).body.message).toMatch(/^Invalid JSON/);
    await api.post('/v2/apps').set(json).expect(422);
    await api
      .post('/v2/apps')
      .send({ ...app, cmd: 'x'.repeat(2_000_000) })
      .expect(413);
    expect((await api.post('/v2/apps').type('form').send('{"id":"/app"}').expect(415)).body.message).toMatch(/Content-Type/);
  });
});

describe('GET', () => {
  it('shows an app with its tasks', async () => {
    const { api, launch } = await setUp();
    await api.post('/v2/apps').send({ ...app, instances: 2, constraints: [['hostname', 'LIKE', '127.*']] });
    const ids = launch();
    const { body } = await api.get('/v2/apps//group/app').expect(200);
    expect(body.app).toMatchObject({ tasksRunning: 2, tasksStaged: 0, deployments: [], constraints: [['hostname', 'LIKE', '127.*']] });
    expect(body.app.tasks.map(({ id }: { id: string }) => id)).toEqual(ids);
    const { body: listed } = await api.get('/v2/apps/group/app/tasks').expect(200);
    expect(listed.tasks[0]).toMatchObject({
      appId: '/group/app',
      host: '127.0.0.11',
      slaveId: 'agent-1',
      state: 'TASK_RUNNING',
      version: body.app.version,
      servicePorts: [0],
    });
    expect(listed.tasks[0].ports).toHaveLength(1);
    expect(Date.parse(listed.tasks[0].startedAt)).toBeGreaterThan(0);
    expect((await api.get('/v2/tasks?status=staging')).body).toEqual({ tasks: [] });
  });

  it('lists apps, which can be narrowed', async () => {
    const { api } = await setUp();
    await api
      .put('/v2/apps')
      .send([app, { ...app, id: '/other', cmd: 'walk' }])
      .expect(200);
    const ids = async (query: string) => (await api.get(`/v2/apps${query}`)).body.apps.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual(['/group/app', '/other']);
    expect(await ids('?id=OTHER')).toEqual(['/other']);
    expect(await ids('?cmd=run')).toEqual(['/group/app']);
  });

  it('knows what is not there', async () => {
    const { api } = await setUp();
    await api.get('/v2/apps/none').expect(404, { message: "App '/none' does not exist" });
    await api.get('/v2/apps/none/tasks').expect(404);
    await api.get('/v3').expect(404, { message: 'URI not found' });
  });

  it('tells about Marathon', async () => {
    const { api } = await setUp();
    expect((await api.get('/ping').expect(200)).text).toBe('pong');
    expect((await api.get('/v2/info')).body).toMatchObject({ frameworkId: 'framework-1', elected: true });
    expect((await api.get('/v2/leader')).body).toEqual({ leader: '127.0.0.1:8080' });
  });

  it('explains what waits and for what', async () => {
    const { api, launch } = await setUp();
    await api.post('/v2/apps').send({ ...app, cpus: 100 });
    launch();
    const { body } = await api.get('/v2/queue');
    expect(body.queue[0]).toMatchObject({ count: 1, app: { id: '/group/app' }, delay: { overdue: true } });
    expect(body.queue[0].processedOffersSummary.rejectSummaryLaunchAttempt).toEqual([
      { reason: 'InsufficientCpus', declined: 1, processed: 1 },
    ]);
    expect((await api.get('/v2/deployments')).body).toMatchObject([
      { affectedApps: ['/group/app'], steps: [{ actions: [{ action: 'StartApplication' }] }] },
    ]);
  });

  it('shows the last failure, and the delay can be ended', async () => {
    const { api, launch, status } = await setUp();
    await api.post('/v2/apps').send({ ...app, backoffSeconds: 60 });
    status(launch()[0] ?? '', 'TASK_FAILED');
    expect((await api.get('/v2/apps/group/app')).body.app.lastTaskFailure).toMatchObject({ state: 'TASK_FAILED', message: 'because' });
    expect((await api.get('/v2/queue')).body.queue[0].delay).toEqual({ timeLeftSeconds: 60, overdue: false });
    await api.delete('/v2/queue/group/app/delay').expect(204);
    expect(launch()).toHaveLength(1);
  });
});

describe('PUT and DELETE', () => {
  it('create, scale and change an app', async () => {
    const { api, launch, effects } = await setUp();
    const created = await api.put('/v2/apps/group/app').send({ cmd: 'run' }).expect(201);
    expect(created.body).toEqual({ version: expect.any(String), deploymentId: created.headers['marathon-deployment-id'] });
    const [first] = launch();
    await api.put('/v2/apps/group/app').send({ instances: 2 }).expect(200);
    expect(launch()).toHaveLength(1);
    expect(kinds(effects)).not.toContain('kill');
    await api
      .put('/v2/apps/group/app')
      .send({ env: { A: '1' } })
      .expect(200);
    expect(launch()).toHaveLength(2);
    expect(effects).toContainEqual({ type: 'kill', taskId: first, agentId: 'agent-1' });
  });

  it('change several apps or none', async () => {
    const { api } = await setUp();
    await api
      .put('/v2/apps')
      .send([app, { ...app, id: '/bad', cpus: 0.1, cmd: undefined }])
      .expect(422);
    expect((await api.get('/v2/apps')).body.apps).toEqual([]);
    await api
      .put('/v2/apps')
      .send([{ cmd: 'run' }])
      .expect(422);
  });

  it('refuse a body about another app', async () => {
    const { api } = await setUp();
    await api
      .put('/v2/apps/group/app')
      .send({ ...app, id: '/other' })
      .expect(422);
  });

  it('restart an app', async () => {
    const { api, launch, effects } = await setUp();
    await api.post('/v2/apps').send(app);
    const [first] = launch();
    await api.post('/v2/apps/group/app/restart').expect(200);
    launch();
    expect(effects).toContainEqual({ type: 'kill', taskId: first, agentId: 'agent-1' });
  });

  it('remove an app at once and its tasks after', async () => {
    const { api, launch, status } = await setUp();
    await api.post('/v2/apps').send(app);
    const [taskId = ''] = launch();
    await api.delete('/v2/apps/group/app').expect(200);
    await api.get('/v2/apps/group/app').expect(404);
    expect((await api.get('/v2/tasks')).body.tasks).toMatchObject([{ id: taskId, state: 'TASK_KILLING' }]);
    expect((await api.get('/v2/deployments')).body).toMatchObject([{ affectedApps: ['/group/app'] }]);
    status(taskId, 'TASK_KILLED');
    expect((await api.get('/v2/tasks')).body.tasks).toEqual([]);
    expect((await api.get('/v2/deployments')).body).toEqual([]);
    await api.delete('/v2/apps/group/app').expect(404);
  });

  it('kill tasks of one host, or by id, with or without scaling', async () => {
    const { api, launch } = await setUp();
    await api.post('/v2/apps').send({ ...app, instances: 3 });
    const ids = launch();
    expect((await api.delete('/v2/apps/group/app/tasks?host=elsewhere').expect(200)).body).toEqual({ tasks: [] });
    expect((await api.delete(`/v2/apps/group/app/tasks/${ids[0]}`).expect(200)).body.tasks).toHaveLength(1);
    expect(
      (
        await api
          .post('/v2/tasks/delete?scale=true')
          .send({ ids: [ids[1]] })
          .expect(200)
      ).body.deploymentId,
    ).toBeTypeOf('string');
    expect((await api.get('/v2/apps/group/app')).body.app.instances).toBe(2);
    await api.delete('/v2/apps/group/app/tasks/none').expect(404);
  });
});

describe('on loopback', () => {
  it('a name that a web page may have been given is refused', async () => {
    const { api } = await setUp();
    expect((await api.get('/v2/apps').set('Host', 'evil.example:8080').expect(403)).body.message).toMatch(/evil\.example/);
    await api.get('/v2/apps').set('Host', 'localhost:8080').expect(200);
  });

  it('a port that is taken is an error of the start', async () => {
    await setUp();
    await expect(startHttp('127.0.0.1', server?.port ?? 0, express.Router(), () => undefined)).rejects.toThrow(/EADDRINUSE/);
  });
});
