import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import { bundleService } from '@streams-on-mesos/local-environment/testing/service-process';
import { topologyOf } from '@streams-on-mesos/messages';
import { AmqpConnection } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { AllocationProcess } from './testing/allocation-process.js';
import { BridgeOnTheWire } from './testing/bridge-on-the-wire.js';
import { OfferServiceOnTheWire } from './testing/offer-service-on-the-wire.js';
import { RequesterOnTheWire } from './testing/requester-on-the-wire.js';

const logger = pino({ level: 'silent' });

describe('what a streams-bridge is asked', () => {
  let directory: string;
  let bundle: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'conversations-'));
    bundle = await bundleService('allocation-service', directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Everything around an allocation-service of a framework of its own; it ends with the test. */
  const surroundings = async () => {
    const frameworkName = `conversations-${randomUUID()}`;
    const topology = topologyOf(frameworkName);
    const end = new AbortController();
    const amqp = AmqpConnection.connect({ url: inject('rabbitmqUrl'), topology, logger, signal: end.signal });
    await amqp.whenConnected();
    const processes: AllocationProcess[] = [];
    onTestFinished(async () => {
      await Promise.all(processes.map((process) => process.kill()));
      end.abort();
      await amqp.close();
    });
    const start = async (): Promise<AllocationProcess> => {
      const process = await AllocationProcess.start(bundle, {
        FRAMEWORK_NAME: frameworkName,
        ZOOKEEPER: inject('zookeeper'),
        RABBITMQ_URL: inject('rabbitmqUrl'),
        STOP_TIMEOUT_SECS: '3',
      });
      processes.push(process);
      return process;
    };
    return {
      start,
      offerService: new OfferServiceOnTheWire(amqp, topology, end.signal),
      bridge: new BridgeOnTheWire(amqp, topology, end.signal),
      requester: await RequesterOnTheWire.start(amqp, topology, end.signal),
    };
  };

  it('is the start command for the host, then the end of the task, before it is killed', async () => {
    const { start, offerService, bridge, requester } = await surroundings();
    const process = await start();
    await process.untilReady('leader');
    await offerService.untilHelloAfter(-1);
    bridge.answer = ({ resolve_workload: resolve, run_stop_hook: stop }) => {
      if (resolve !== undefined) {
        const { ask_id, allocation_term, workload, resource } = resolve;
        return {
          workload_resolved: { ask_id, allocation_term, workload: { ...workload, deferred: false, command: `start on ${resource.host}` } },
        };
      }
      return stop && { stop_hook_run: { ask_id: stop.ask_id, allocation_term: stop.allocation_term } };
    };
    const workload = { command: '', deferred: true, stop_hook: true };
    await requester.ask({
      allocate: { request_id: 'r', client_id: 'client', count: 1, each: { cpus: 1, mem: 128 }, workload, task_prefix: 'test' },
    });
    await offerService.untilWanted();
    await offerService.offer('agent-1');
    const [task] = await offerService.untilLaunched(1);
    if (task === undefined) throw new Error('no task');
    expect(task).toMatchObject({ task_id: { value: 'test_resource_0_0' }, command: { value: 'start on agent-1.example' } });
    await offerService.status(task, 'TASK_RUNNING');
    await until('it runs', 20_000, async () => {
      const { resources } = await process.get<{ resources: { state: string }[] }>('/api/v1/resources');
      return resources[0]?.state === 'RUNNING';
    });
    expect((await requester.ask({ validate_stop: { client_id: 'client' } })).error).toMatchObject({ code: 'CONFLICT' });

    await requester.ask({ release: { client_id: 'client', request_id: 'r', all: true } });
    await until('the hook', 20_000, () => bridge.asked.some(({ run_stop_hook }) => run_stop_hook?.resource.id === 'resource_0'));
    const kills = () => offerService.calls.filter(({ call }) => call.kill !== undefined);
    expect(kills()).toEqual([]);
    // It does not end by itself.
    await until('the KILL', 20_000, () => kills().length > 0);
    await offerService.status(task, 'TASK_KILLED');
    await until(
      'nothing is in use',
      20_000,
      async () => (await requester.ask({ validate_stop: { client_id: 'client' } })).done !== undefined,
    );
  });
});
