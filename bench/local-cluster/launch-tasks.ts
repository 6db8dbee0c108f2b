import { accept, acknowledge, SchedulerClient, type Offer } from '@streams-on-mesos/mesos';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { startLocalCluster } from '../../packages/local-cluster/src/index.js';
import { CallConnection } from '../../packages/mesos/src/http/call-connection.js';
import { rounded, type Figure } from '../figure.js';

const AGENTS = 10_000;
const TASKS_AN_OFFER = 10;
const TASKS = 10_000;
/** Launched and not running yet: what waits longer than 10 s to be acknowledged is told again. */
const MOST_PENDING = 2_000;
/** An ACCEPT for each offer, and two acknowledgements for each task. */
const CALLS = TASKS / TASKS_AN_OFFER + 2 * TASKS;

const capabilities = (['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'] as const).map((type) => ({ type }));
const resources = [
  { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.1 } },
  { name: 'mem', type: 'SCALAR' as const, scalar: { value: 32 } },
];

const launchOn = (offer: Offer, first: number) => {
  const task_infos = Array.from({ length: TASKS_AN_OFFER }, (_, n) => {
    const id = `task-${first + n}`;
    return { name: id, task_id: { value: id }, agent_id: offer.agent_id, command: { value: './server' }, resources };
  });
  return accept([offer.id.value], [{ type: 'LAUNCH', launch: { task_infos } }]);
};

/** Seconds from the subscription until all tasks run and all their updates are acknowledged. */
const launchAll = async (master: string): Promise<number> => {
  const frameworkInfo = { user: 'root', name: 'bench', roles: ['*'], capabilities };
  const client = new SchedulerClient({ master, frameworkInfo, maxUnansweredCalls: 1_000 });
  const offers: Offer[] = [];
  let launched = 0;
  let running = 0;
  const stop = new AbortController();
  const began = performance.now();
  for await (const notice of client.subscribe({ signal: stop.signal })) {
    const { offers: offered, update } = notice.kind === 'event' ? notice.event : {};
    offers.push(...(offered?.offers ?? []));
    const acknowledgement = update && acknowledge(update.status);
    const acknowledged = acknowledgement && client.call(acknowledgement);
    if (update?.status.state === 'TASK_RUNNING') running += 1;
    while (launched < TASKS && launched - running < MOST_PENDING && offers.length > 0) {
      const offer = offers.pop();
      if (offer !== undefined) void client.call(launchOn(offer, launched));
      launched += TASKS_AN_OFFER;
    }
    if (running < TASKS) continue;
    await acknowledged;
    stop.abort();
  }
  return (performance.now() - began) / 1_000;
};

/** Seconds for as many calls to a server that answers 202 to all it gets. */
const bareCalls = async (): Promise<number> => {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(202).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { url, mediaType: 'application/x-protobuf', streamId: 'bench', timeoutMs: 30_000, maxUnanswered: 1_000 };
  const connection = new CallConnection({ ...options, onBroken: () => undefined });
  const body = Buffer.alloc(120);
  const began = performance.now();
  await Promise.all(Array.from({ length: CALLS }, () => connection.send(body)));
  const seconds = (performance.now() - began) / 1_000;
  connection.close('done');
  server.close();
  return seconds;
};

/** Tasks launched on simulated agents by our client, over HTTP, both in this process. */
export const launchTasks = async (): Promise<Figure> => {
  const workDir = mkdtempSync(join(tmpdir(), 'bench-local-cluster-'));
  const cluster = await startLocalCluster({ agents: AGENTS, simulated: true, workDir });
  try {
    const seconds = await launchAll(cluster.address);
    return {
      name: 'local-cluster-launch',
      value: rounded(TASKS / seconds),
      unit: 'tasks/s',
      against: 'as many calls to a server that only answers 202',
      ratio: rounded((await bareCalls()) / seconds),
    };
  } finally {
    await cluster.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
};
