import { readFileSync } from 'node:fs';
import { freePorts, until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ResourceView } from './domain/views/resource-view.js';
import type { AllocationProcess } from './testing/allocation-process.js';
import { bundleForTests, FrameworkOnTheWire } from './testing/framework-on-the-wire.js';
import type { OfferServiceOnTheWire } from './testing/offer-service-on-the-wire.js';
import { allocate, settle, type RequesterOnTheWire } from './testing/requester-on-the-wire.js';

const CONFIG = { num_of_node: 2, general_config: { cpu_of_node: 0.5, mem_of_node: 64 } };

describe('allocation-service', () => {
  const bundle = bundleForTests();
  let framework: FrameworkOnTheWire;
  let offerService: OfferServiceOnTheWire;
  let requester: RequesterOnTheWire;

  const resources = (process: AllocationProcess): Promise<ResourceView[]> =>
    process.get<{ resources: ResourceView[] }>('/api/v1/resources?limit=1000').then((answer) => answer.resources);

  beforeEach(async () => {
    framework = await FrameworkOnTheWire.begin(bundle.path);
    ({ offerService } = framework);
    requester = await framework.requester();
  });
  afterEach(() => framework.end());

  it('asks Mesos for nothing while nothing waits, turns offers into a launch, and statuses into ALLOCATED', async () => {
    const process = await framework.startLeading();
    await until('a desired state', 10_000, () => offerService.desired);
    expect(offerService.desired?.roles?.some((role) => role.wanted)).toBe(false);

    const accepted = await requester.ask(allocate('r1', 2));
    expect(accepted.resources?.resources?.map((resource) => resource.id)).toEqual(['resource_0', 'resource_1']);
    await offerService.untilWanted();
    const offer = await offerService.offer('agent-1');
    const tasks = await offerService.untilLaunched(2);
    expect(offerService.calls.map(({ call }) => call.accept?.offer_ids).filter((ids) => ids !== undefined)).toEqual([[offer]]);
    for (const task of tasks) await offerService.status(task, 'TASK_RUNNING');
    await until('the request is ready', 20_000, () => requester.ready.includes('r1'));
    const settled = await requester.ask(settle('r1'));
    expect(settled.settled?.outcomes?.map((outcome) => outcome.allocated)).toEqual([true, true]);

    const all = await resources(process);
    expect(all).toMatchObject([
      {
        id: 'resource_0',
        owner: 'client',
        labels: { tags: 'ingest' },
        state: 'RUNNING',
        request_state: 'ALLOCATED',
        host: 'agent-1.example',
      },
      { id: 'resource_1', allocated: { cpus: 1, mem: 128 }, requested: { cpus: 1, mem: 128 }, agent_id: 'agent-1' },
    ]);
  });

  it('keeps everything over kill -9, launches nothing twice, and says hello again in its new term', async () => {
    const first = await framework.startLeading();
    expect((await first.putConfig(CONFIG)).status).toBe(200);
    await requester.ask(allocate('r1', 1));
    await offerService.untilWanted();
    await offerService.offer('agent-1');
    const tasks = await offerService.untilLaunched(3);
    for (const task of tasks) await offerService.status(task, 'TASK_RUNNING');
    await until('the nodes live', 20_000, async () => {
      const runtime = await first.get<{ num_of_live_node: number }>('/api/v1/config/runtime');
      return runtime.num_of_live_node === 2;
    });
    const before = await resources(first);
    await first.kill();

    const second = await framework.startLeading();
    expect(await second.get('/api/v1/config')).toEqual(CONFIG);
    expect((await resources(second)).map(({ id, state, task_id, host }) => ({ id, state, task_id, host }))).toEqual(
      before.map(({ id, state, task_id, host }) => ({ id, state, task_id, host })),
    );
    await offerService.offer('agent-2');
    const repeated = await requester.ask(allocate('r1', 1));
    expect(repeated.resources?.resources).toMatchObject([{ owner: 'client', request_id: 'r1' }]);
    expect(offerService.launched).toHaveLength(3);
    await until('its tasks are asked about', 20_000, () =>
      offerService.calls.some(({ call }) => call.allocation_term === offerService.term && call.reconcile),
    );
    for (const task of tasks) await offerService.status(task, 'TASK_RUNNING', { source: 'SOURCE_MASTER', reason: 'REASON_RECONCILIATION' });
    await until('the nodes live again', 20_000, async () => {
      const runtime = await second.get<{ num_of_live_node: number }>('/api/v1/config/runtime');
      return runtime.num_of_live_node === 2;
    });
    expect(offerService.launched).toHaveLength(3);
  });

  it('answers a request that was sent while nobody led, once', async () => {
    const first = await framework.startLeading();
    await first.kill();
    const ids = [await requester.send(allocate('r1', 3)), await requester.send(allocate('r1', 3))];
    const second = await framework.startLeading();
    const answers = await Promise.all(ids.map((id) => requester.answerTo(id)));
    expect(answers[0]?.resources?.resources).toHaveLength(3);
    expect(answers[1]?.resources).toEqual(answers[0]?.resources);
    expect(await resources(second)).toHaveLength(3);
  });

  it('answers a request whose deadline has passed so, and does nothing', async () => {
    const process = await framework.startLeading();
    const reply = await requester.ask(allocate('r1', 3), Date.now() - 1);
    expect(reply.error).toMatchObject({ code: 'DEADLINE_EXCEEDED', field: 'deadline_ms' });
    expect(await resources(process)).toEqual([]);
  });

  it('puts what it can never handle into the dead-letter queue, and goes on', async () => {
    const process = await framework.startLeading();
    await framework.amqp.publish(framework.topology.requests, { reply: { in_reply_to: 'x', done: {} } });
    const dead = await until('a dead letter', 20_000, async () => {
      const taken: string[] = [];
      const stop = new AbortController();
      framework.amqp.consume(
        framework.topology.dead,
        (delivery) => {
          taken.push(Object.keys(delivery.envelope).join());
          delivery.ack();
        },
        { prefetch: 1, signal: stop.signal },
      );
      await until('one', 1_000, () => taken.length > 0, 20).finally(() => stop.abort());
      return taken;
    });
    expect(dead[0]).toContain('reply');
    expect((await requester.ask(allocate('r1', 1))).resources?.resources).toHaveLength(1);
    expect(await resources(process)).toHaveLength(1);
  });

  it('has a standby that sends its callers to the leader and takes over from it', async () => {
    const first = await framework.startLeading();
    const second = await framework.start();
    await second.untilReady('standby');
    const config = { ...CONFIG, num_of_node: 3 };
    expect(await first.putConfig(config)).toEqual({ status: 200, body: config });
    const redirect = await fetch(`${second.url}/api/v1/config`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, `${first.url}/api/v1/config`]);

    const term = offerService.term;
    await first.kill();
    await second.untilReady('leader');
    await offerService.untilHelloAfter(term);
    expect(await second.get('/api/v1/config')).toEqual(config);
    expect(await second.get('/api/v1/config/runtime')).toEqual({ num_of_node: 3, num_of_live_node: 0 });
  });

  it('refuses a config that it does not understand, naming the field, and changes nothing', async () => {
    const process = await framework.startLeading();
    expect(await process.get('/api/v1/config')).toEqual({ num_of_node: 0 });
    await process.putConfig(CONFIG);
    const refused: [unknown, string | undefined][] = [
      ['{"num_of_node": ', undefined],
      [{}, 'num_of_node'],
      [{ num_of_node: -1 }, 'num_of_node'],
      [{ num_of_node: 1.5 }, 'num_of_node'],
      ['{"num_of_node": 1e999}', 'num_of_node'],
      [{ num_of_node: 1, nodes: 2 }, 'nodes'],
      [{ num_of_node: 1, general_config: { cpu_of_node: -0.1 } }, 'general_config.cpu_of_node'],
      [{ num_of_node: 1, general_config: { mem_of_node: '32' } }, 'general_config.mem_of_node'],
    ];
    for (const [config, field] of refused) {
      const { status, body } = await process.putConfig(config);
      expect({ config, status, body }).toMatchObject({ status: 400, body: { error: field === undefined ? {} : { field } } });
    }
    expect(await process.get('/api/v1/config')).toEqual(CONFIG);
  });

  it('stops on SIGTERM without touching a task', async () => {
    const process = await framework.startLeading();
    await requester.ask(allocate('r1', 1));
    await offerService.untilWanted();
    await offerService.offer('agent-1');
    await offerService.untilLaunched(1);
    const calls = offerService.calls.length;
    await process.stop();
    // What it would have sent on its way out is before this in the queue of calls.
    await framework.amqp.publish(framework.topology.calls, { hello: { allocation_term: 999 } });
    await offerService.untilHelloAfter(998);
    expect(offerService.calls.slice(calls).filter(({ call }) => call.kill !== undefined || call.teardown !== undefined)).toEqual([]);
    expect(readFileSync(process.part.logFile, 'utf8')).not.toMatch(/"level":"(error|fatal)"/);
  });

  it('stays up and says what is missing while the broker and ZooKeeper are away', async () => {
    const [away] = await freePorts(1);
    const withoutBroker = await framework.start({ RABBITMQ_URL: `amqp://127.0.0.1:${away}` });
    await until('RabbitMQ is missed', 20_000, async () => {
      const { status, role, reasons } = await withoutBroker.readiness();
      return status === 503 && role === 'leader' && reasons?.some((reason) => reason.includes('RabbitMQ'));
    });
    expect((await withoutBroker.putConfig({ num_of_node: 1 })).status).toBe(200);
    const withoutZooKeeper = await framework.start({ ZOOKEEPER: `127.0.0.1:${away}` });
    await until('only ZooKeeper is missed', 20_000, async () => {
      const { status, reasons } = await withoutZooKeeper.readiness();
      return status === 503 && reasons?.length === 1 && reasons[0]?.includes('ZooKeeper');
    });
    expect((await withoutZooKeeper.putConfig({ num_of_node: 1 })).status).toBe(503);
  });

  it('steps down when ZooKeeper is out of reach, and leads again with what was durable', async () => {
    const proxy = await TcpProxy.start(inject('zookeeper'));
    try {
      const process = await framework.start({ ZOOKEEPER: proxy.address });
      await process.untilReady('leader');
      await offerService.untilHelloAfter(-1);
      const { term } = offerService;
      expect((await process.putConfig(CONFIG)).status).toBe(200);
      proxy.lose('requests');
      const refused = await process.putConfig({ ...CONFIG, num_of_node: 9 });
      expect(refused.status).toBe(503);
      await until('ZooKeeper is missed', 20_000, async () => {
        const { status, role, reasons } = await process.readiness();
        return status === 503 && role === 'standby' && reasons?.some((reason) => reason.includes('ZooKeeper'));
      });
      proxy.cut();
      await process.untilReady('leader');
      await offerService.untilHelloAfter(term);
      expect(await process.get('/api/v1/config')).toEqual(CONFIG);
    } finally {
      await proxy.close();
    }
  });

  it('says hello again and takes up its requests when the broker is back', async () => {
    const proxy = await TcpProxy.start(new URL(inject('rabbitmqUrl')).host);
    try {
      const process = await framework.start({ RABBITMQ_URL: `amqp://${proxy.address}` });
      await process.untilReady('leader');
      await offerService.untilHelloAfter(-1);
      const hellos = offerService.hellos.length;
      proxy.cut();
      const reply = await requester.ask(allocate('r1', 2));
      expect(reply.resources?.resources).toHaveLength(2);
      await until('another hello', 20_000, () => offerService.hellos.length > hellos);
      await offerService.untilWanted();
    } finally {
      await proxy.close();
    }
  });

  it('counts what it does', async () => {
    const process = await framework.startLeading();
    await process.putConfig(CONFIG);
    const metrics = await fetch(`${process.url}/metrics`).then((response) => response.text());
    expect(metrics).toMatch(/allocation_resources\{[^}]*state="NEW"[^}]*\} 2/);
    expect(metrics).toMatch(/allocation_requests_waiting\{[^}]*\} 1/);
    expect(metrics).toMatch(/allocation_journal_entries_total\{[^}]*\} [1-9]/);
    expect(metrics).toMatch(/allocation_step_seconds_count\{[^}]*event="put-config"[^}]*\} 1/);
  });
});
