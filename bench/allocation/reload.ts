import { ownRun, startZooKeeper } from '@streams-on-mesos/local-environment';
import { createLogger, frameworkPaths, ZooKeeperConnection, type ZooKeeperSession } from '@streams-on-mesos/service';
import type { DomainEvent } from '../../allocation-service/src/domain/events.js';
import { loadState, step } from '../../allocation-service/src/domain/machine.js';
import { defaultSettings } from '../../allocation-service/src/domain/settings.js';
import { Journal } from '../../allocation-service/src/zookeeper/journal.js';
import { rounded, type Bench } from '../figure.js';

const RESOURCES = 10_000;
const RESOURCES_A_REQUEST = 10;
const ROUNDS = 3;
const READS_AT_ONCE = 64;

const settings = { ...defaultSettings, eventsKept: 1_000 };
const subscription = { term: 1, counter: 1 };

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, allocation_info: { role: '*' } });

const offer = (n: number) => ({
  id: { value: `offer-${n}` },
  framework_id: { value: 'framework' },
  agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${n}` },
  hostname: `agent-${n}.example`,
  allocation_info: { role: '*' },
  resources: [scalar('cpus', RESOURCES_A_REQUEST), scalar('mem', RESOURCES_A_REQUEST * 1_024)],
});

const allocate = (n: number) => ({
  request_id: `request-${n}`,
  client_id: `client-${n % 100}`,
  count: RESOURCES_A_REQUEST,
  each: { cpus: 1, mem: 1_024 },
  workload: { command: 'exec ./controller --domain StreamsDomain --zkconnect zk1:2181', environment: { STREAMS_DOMAIN: 'StreamsDomain' } },
  labels: { tags: 'ingest' },
  task_prefix: 'streams',
});

/** The story of so many resources that were asked for, launched, became ALLOCATED and were settled, one request after the other. */
function* story(): Generator<readonly [event: DomainEvent, waitMs: number]> {
  yield [{ type: 'leading', term: 1 }, 0];
  yield [{ type: 'subscribed', subscription, frameworkId: 'framework', answersTerm: 1 }, 0];
  let sequence = 0;
  for (let n = 0; n < RESOURCES / RESOURCES_A_REQUEST; n += 1) {
    const ask = { type: 'request', messageId: `m${n}`, replyTo: undefined, traceId: `trace-${n}` } as const;
    yield [{ ...ask, body: { kind: 'allocate', allocate: allocate(n) } }, 0];
    yield [{ type: 'offers', subscription, allocationTerm: 1, offers: [offer(n)] }, 0];
    for (let task = 0; task < RESOURCES_A_REQUEST; task += 1) {
      sequence += 1;
      const id = `streams_resource_${n * RESOURCES_A_REQUEST + task}_0`;
      const status = { task_id: { value: id }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' } as const;
      yield [{ type: 'update', subscription, sequence, status }, 0];
    }
    yield [{ type: 'tick' }, settings.waitAllocatedSecs * 1_000];
    yield [{ ...ask, body: { kind: 'settle', settle: { client_id: `client-${n % 100}`, request_id: `request-${n}` } } }, 0];
  }
}

/** Every byte that a load reads, by as many reads at once, and nothing done with it. */
const readBare = async (session: ZooKeeperSession, paths: { readonly journal: string; readonly snapshot: string }): Promise<number> => {
  const nodes = [paths.snapshot];
  for (const parent of [paths.journal, paths.snapshot]) nodes.push(...(await session.children(parent)).map((name) => `${parent}/${name}`));
  let bytes = 0;
  for (let from = 0; from < nodes.length; from += READS_AT_ONCE) {
    const some = await Promise.all(nodes.slice(from, from + READS_AT_ONCE).map((path) => session.get(path)));
    for (const node of some) bytes += node?.data.length ?? 0;
  }
  return bytes;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, (performance.now() - began) / 1_000);
  }
  return least;
};

/** A takeover's reload of 10,000 resources: the journal and its snapshot become state, against bare reads of as many bytes. */
export const reload: Bench = async () => {
  const run = ownRun('bench');
  const server = await startZooKeeper({ dir: run.path });
  const logger = createLogger('bench', 'error');
  const connection = await ZooKeeperConnection.connect(server.connectString, { logger });
  try {
    const { session } = connection;
    const paths = frameworkPaths('bench-reload');
    await session.ensurePath(paths.leaders('allocation-service'));
    const node = await session.create(`${paths.leaders('allocation-service')}/leader`);
    const options = { fence: { session, node, term: 1 }, paths, logger };
    const journal = await Journal.load(options);
    await journal.begin();
    const state = loadState([], settings, 0);
    let now = 0;
    let durable: Promise<void> = Promise.resolve();
    let steps = 0;
    for (const [event, waitMs] of story()) {
      now += waitMs;
      durable = journal.append(step(state, event, now).changes);
      steps += 1;
      if (steps % 64 === 0) await durable;
    }
    await durable;
    await journal.settled();
    const loaded = await seconds(async () => {
      const { resources } = loadState((await Journal.load(options)).records(), settings, now);
      if (resources.size !== RESOURCES) throw new Error(`${resources.size} resources were loaded instead of ${RESOURCES}`);
    });
    const bytes = await readBare(session, paths);
    const bare = await seconds(() => readBare(session, paths));
    const megabytes = rounded(bytes / 1e6);
    return [
      {
        name: 'reload',
        value: rounded(loaded),
        unit: `s for ${RESOURCES} resources`,
        against: `bare ZooKeeper reads of as many bytes (${megabytes} MB)`,
        ratio: rounded(loaded / bare),
      },
    ];
  } finally {
    await connection.close();
    await server.stop();
    run.remove();
  }
};
