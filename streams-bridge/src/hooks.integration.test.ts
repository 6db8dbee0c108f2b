import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import type { Body, Workload } from '@streams-on-mesos/messages';
import supertest from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeLabels } from './domain/labels.js';
import { AdapterOnTheWire } from './testing/adapter-on-the-wire.js';
import { resource } from './testing/allocation-on-the-wire.js';
import { bridgeUnderTest, client, type BridgeUnderTest } from './testing/bridge-under-test.js';

const labels = encodeLabels({ master: true, tags: ['jmx'], domainId: 'D', zkConnect: 'zk:2181', installPath: '/opt' });
const placed = resource({ id: 'resource_7', host: 'agent1', task_id: 'streams_resource_7_0', labels });
const deferred: Workload = { command: '', deferred: true, stop_hook: true, environment: { LANG: 'C' } };

const resolve = (askId: string): Body => ({
  resolve_workload: { ask_id: askId, allocation_term: 3, resource: placed, workload: deferred },
});
const stop = (askId: string): Body => ({ run_stop_hook: { ask_id: askId, allocation_term: 3, resource: placed } });

const answersTo = ({ allocation }: BridgeUnderTest, count: number) =>
  until(`${count} answers`, 15_000, () => (allocation.answered.length >= count ? allocation.answered : undefined), 20);

const withAdapter = async () => {
  const adapter = await AdapterOnTheWire.start();
  adapter.respond = (response, { path }) => response.end(path.endsWith('command') ? '{"command":"exec controller"}' : '{}');
  const directory = mkdtempSync(join(tmpdir(), 'bridge-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'token'), 'secret\n');
  const env = { ADAPTER_URL: adapter.url, ADAPTER_TOKEN_FILE: join(directory, 'token') };
  return { adapter, env, bridge: await bridgeUnderTest(env) };
};

describe('with a Streams adapter', () => {
  it('resources are asked for without a start command, and with all that one is made of', async () => {
    const { bridge } = await withAdapter();
    bridge.allocation.answer = ({ allocate }) => (allocate === undefined ? { settled: { outcomes: [], sequence: 0 } } : { resources: {} });
    const body = { requestId: 'r', client, info: { count: 1, type: 'ASYNCHRONOUS', tags: { names: ['a'] } } };
    await supertest(bridge.url).post('/resourcemgr/v1/allocateResources').send(body).expect(200);
    expect(bridge.allocation.asked[0]?.allocate).toMatchObject({
      workload: { command: '', deferred: true, stop_hook: true },
      labels: encodeLabels({ master: false, tags: ['a'], domainId: 'StreamsDomain', zkConnect: 'zk:2181', installPath: '/opt' }),
    });
  });

  it('the start command is made for the host, and the rest of the workload stays', async () => {
    const { adapter, bridge } = await withAdapter();
    await bridge.allocation.askHook(resolve('3-ask-1'));
    const [answer] = await answersTo(bridge, 1);
    expect(answer?.workload_resolved).toEqual({
      ask_id: '3-ask-1',
      allocation_term: 3,
      workload: { command: 'exec controller', deferred: false, stop_hook: true, environment: { LANG: 'C' } },
    });
    expect(adapter.asked).toMatchObject([
      {
        path: '/adapter/start-controller-command',
        authorization: 'Bearer secret',
        body: { descriptor: { hostName: 'agent1' }, isMaster: true },
      },
    ]);
  });

  it('a controller is stopped, or it is said why not', async () => {
    const { adapter, bridge } = await withAdapter();
    await bridge.allocation.askHook(stop('3-ask-1'));
    await answersTo(bridge, 1);
    adapter.respond = (response) => response.writeHead(500).end('{"error":{"message":"no such domain"}}');
    await bridge.allocation.askHook(stop('3-ask-2'));
    expect((await answersTo(bridge, 2)).map(({ stop_hook_run }) => stop_hook_run)).toEqual([
      { ask_id: '3-ask-1', allocation_term: 3 },
      { ask_id: '3-ask-2', allocation_term: 3, error: 'the Streams adapter answered stop-controller with 500: no such domain' },
    ]);
    expect(adapter.asked[0]).toMatchObject({ path: '/adapter/stop-controller', body: { domainId: 'D', clean: false } });
  });

  it('a reason comes while it is waited for, and what nobody waits for is not done', async () => {
    const { adapter, bridge } = await withAdapter();
    adapter.respond = () => undefined;
    await bridge.allocation.askHook(resolve('late'), Date.now() - 1);
    const deadline = Date.now() + 1_000;
    await bridge.allocation.askHook(resolve('in-time'), deadline);
    const [answer] = await answersTo(bridge, 1);
    expect(answer?.workload_resolved).toMatchObject({ ask_id: 'in-time', error: expect.stringContaining('did not answer') as string });
    expect(answer?.sent_at_ms).toBeLessThan(deadline);
    expect(adapter.asked).toHaveLength(1);
  });

  it('each question is answered by one of several bridges', async () => {
    const { env, bridge } = await withAdapter();
    await bridgeUnderTest({ ...env, FRAMEWORK_NAME: bridge.frameworkName });
    const ids = Array.from({ length: 20 }, (_, index) => `3-ask-${index}`);
    for (const id of ids) await bridge.allocation.askHook(resolve(id));
    const answers = await answersTo(bridge, ids.length);
    expect(answers.map(({ workload_resolved }) => workload_resolved?.ask_id).sort()).toEqual([...ids].sort());
  });
});

it('without an adapter questions are answered so, and resources run the template', async () => {
  const bridge = await bridgeUnderTest();
  await bridge.allocation.askHook(resolve('3-ask-1'));
  const [answer] = await answersTo(bridge, 1);
  expect(answer?.workload_resolved).toMatchObject({ error: expect.stringContaining('set ADAPTER_URL') as string });
});
