import { findInstances, frameworkPaths, createLogger, ZooKeeperConnection } from '@streams-on-mesos/service';
import supertest from 'supertest';
import { until } from '@streams-on-mesos/local-environment';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { encodeLabels } from './domain/labels.js';
import { resource } from './testing/allocation-on-the-wire.js';
import { bridgeUnderTest, client } from './testing/bridge-under-test.js';

const post = (url: string, operation: string, body: object = {}) =>
  supertest(url)
    .post(`/resourcemgr/v1/${operation}`)
    .send({ requestId: `of-${operation}`, client, locale: 'en_US', ...body });

const ours = resource({
  id: 'resource_0',
  state: 'RUNNING',
  request_state: 'REQUEST_ALLOCATED',
  task_id: 'streams_resource_0_0',
  host: 'agent1',
  allocated: { cpus: 2, mem: 4096 },
  labels: encodeLabels({ master: true, tags: ['jmx', 'sws'] }),
});
const node = resource({ id: 'resource_1', owner: 'scaling', state: 'RUNNING' });

describe('release and cancel', () => {
  it('name the resources by their native ids', async () => {
    const { url, allocation } = await bridgeUnderTest();
    allocation.answer = () => ({ done: {} });
    const descriptors = [
      { type: 'mesos', kind: 'CONTAINER', nativeResourceId: 'resource_0', displayName: 'mesos_resource_0', hostName: null },
    ];
    expect((await post(url, 'releaseResources', { descriptors }).expect(200)).body).toEqual({});
    await post(url, 'cancelPendingResources', { descriptors }).expect(200);
    await post(url, 'releaseResources', { all: true }).expect(200);
    expect(allocation.asked.map(({ release, cancel }) => release ?? cancel)).toMatchObject([
      { client_id: 'controller', request_id: 'of-releaseResources', resource_ids: ['resource_0'] },
      { client_id: 'controller', request_id: 'of-cancelPendingResources', resource_ids: ['resource_0'] },
      { client_id: 'controller', request_id: 'of-releaseResources', all: true },
    ]);
  });

  it('say what allocation-service says', async () => {
    const { url, allocation } = await bridgeUnderTest();
    allocation.answer = () => ({ error: { code: 'NOT_FOUND', message: 'no resource resource_9', field: 'resource_ids' } });
    const { body } = await post(url, 'cancelPendingResources', { descriptors: [{ nativeResourceId: 'resource_9' }] }).expect(404);
    expect(body).toMatchObject({ error: { code: 'CDISR6001E', args: ['mesos', 'no resource resource_9'], field: 'descriptors' } });
  });

  it('need to be told what', async () => {
    const { url } = await bridgeUnderTest();
    expect((await post(url, 'releaseResources').expect(400)).body).toMatchObject({ error: { field: 'descriptors' } });
    expect((await post(url, 'cancelPendingResources', { all: true }).expect(400)).body).toMatchObject({ error: { field: 'descriptors' } });
  });
});

describe('the calls that ask for nothing', () => {
  it('are answered without allocation-service', async () => {
    const { url, allocation } = await bridgeUnderTest();
    expect((await post(url, 'initialize', { args: [], type: 'mesos', standByExists: false }).expect(200)).body).toEqual({
      features: ['HIGH_AVAILABILITY'],
    });
    expect((await post(url, 'isFeatureSupported', { feature: 'HIGH_AVAILABILITY' }).expect(200)).body).toEqual({ supported: true });
    expect((await post(url, 'isFeatureSupported', { feature: 'TELEPATHY' }).expect(200)).body).toEqual({ supported: false });
    expect((await post(url, 'clientConnected').expect(200)).body).toEqual({});
    expect((await post(url, 'close', { standByExists: true }).expect(200)).body).toEqual({});
    expect((await post(url, 'validateTags', { tags: { names: ['a'], definitions: {} } }).expect(200)).body).toEqual({});
    await post(url, 'error', { message: 'it broke', stack: 'at …' }).expect(204);
    await post(url, 'trace', { message: 'went by' }).expect(204);
    expect(allocation.asked).toEqual([]);
  });

  it('refuse another type of resource manager', async () => {
    const { url } = await bridgeUnderTest();
    expect((await post(url, 'initialize', { type: 'yarn' }).expect(409)).body).toMatchObject({ error: { field: 'type' } });
  });
});

describe('validateStop', () => {
  it('refuses while Streams has resources', async () => {
    const { url, allocation } = await bridgeUnderTest();
    const message = 'resources are in use: resource_0 (RUNNING)';
    allocation.answer = () => ({ error: { code: 'CONFLICT', message } });
    expect((await post(url, 'validateStop').expect(409)).body).toMatchObject({
      error: { key: 'ERR_RM_ACTIVELY_MANAGING_RESOURCES', code: 'CDISR6020E', args: ['mesos', message] },
    });
    allocation.answer = () => ({ done: {} });
    expect((await post(url, 'validateStop').expect(200)).body).toEqual({});
    expect(allocation.asked[0]?.validate_stop).toMatchObject({ client_id: 'controller' });
  });

  it('is about all clients of Streams when none is named, and about nobody else', async () => {
    const { url, allocation } = await bridgeUnderTest();
    allocation.answer = ({ validate_stop }) =>
      validate_stop === undefined ? { resources: { resources: [ours, node] } } : { error: { code: 'CONFLICT', message: 'in use' } };
    await post(url, 'validateStop', { client: undefined }).expect(409);
    allocation.answer = () => ({ resources: { resources: [{ ...ours, state: 'STOPPED' }, node] } });
    await post(url, 'validateStop', { client: undefined }).expect(200);
    expect(allocation.asked.flatMap(({ validate_stop }) => validate_stop?.client_id ?? [])).toEqual(['controller']);
  });

  it('never refuses when it is forced, not even while nobody answers', async () => {
    const { url, allocation } = await bridgeUnderTest();
    expect((await post(url, 'validateStop', { force: true }).expect(200)).body).toEqual({});
    expect(allocation.asked).toEqual([]);
  });
});

describe('customCommand', () => {
  const command = (url: string, commandData: string) => post(url, 'customCommand', { commandData });

  it('shows the state of what Streams asked for', async () => {
    const { url, allocation } = await bridgeUnderTest({ RESOURCE_TYPE: 'foo' });
    allocation.answer = () => ({ resources: { resources: [ours, node] } });
    const { body } = await command(url, '{"command":"getresourcestate","long":"true"}').expect(200);
    expect(JSON.parse((body as { result: string }).result)).toEqual({
      rc: 0,
      resources: [
        {
          nativeId: 'resource_0',
          id: 'foo_resource_0',
          mesosTaskId: 'streams_resource_0_0',
          resourceState: 'RUNNING',
          requestState: 'ALLOCATED',
          taskCompletionStatus: 'NONE',
          hostname: 'agent1',
          master: true,
          tags: '[jmx, sws]',
          cores: '2.0',
          memory: '4096.0',
        },
      ],
    });
  });

  it('tells the version, and what is wrong with what it does not know', async () => {
    const { url } = await bridgeUnderTest();
    expect((await command(url, '{"command":"getversion"}').expect(200)).body).toEqual({ result: '{"rc":0,"versionString":"1.2.3"}' });
    const { body } = await command(url, 'quiesce').expect(502);
    expect(body).toMatchObject({
      error: { key: 'ERR_CUSTOM_COMMAND_FAILED', code: 'CDISR6011E', message: expect.stringContaining('not JSON') as string },
    });
  });
});

describe('an instance', () => {
  it('asks again when an answer got lost', async () => {
    const { url, allocation } = await bridgeUnderTest();
    allocation.answer = () => (allocation.asked.length === 1 ? undefined : { done: {} });
    await post(url, 'validateStop').expect(200);
    const [first, second] = allocation.asked;
    expect(second?.id).toBe(first?.id);
  });

  it('is in the registry, active, and ready', async () => {
    const { url, frameworkName } = await bridgeUnderTest();
    const zookeeper = await ZooKeeperConnection.connect(inject('zookeeper'), { logger: createLogger('test', 'silent') });
    onTestFinished(() => zookeeper.close());
    const found = await until('the registration', 15_000, async () => {
      const instances = await findInstances(zookeeper.session, frameworkPaths(frameworkName), 'streams-bridge');
      return instances.length > 0 && instances;
    });
    expect(found).toMatchObject([{ service: 'streams-bridge', url, role: 'active' }]);
    await until('readiness', 15_000, async () => (await supertest(url).get('/readyz')).status === 200);
  });
});
