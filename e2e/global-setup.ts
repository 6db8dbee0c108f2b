import { ownRun, startEnvironment, sweepLeftovers, type Addresses } from '../packages/local-environment/src/index.js';
import { detectMaster, parseMasterAddress } from '../packages/mesos/src/index.js';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    addresses: Addresses;
    /** Directory of the run, to find its parts again. */
    runDirectory: string;
    /** true when the Mesos is one that was there already: nothing of it may be broken on purpose. */
    externalMesos: boolean;
  }
}

/** What is ours when the Mesos is somebody else's. */
export const ownParts = ['ZooKeeper', 'RabbitMQ'] as const;

/** http(s)://host:port of the leading master. */
const leaderOf = async (master: string): Promise<string> => {
  const stop = new AbortController();
  try {
    for await (const leader of detectMaster(parseMasterAddress(master), {
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]),
    })) {
      if (leader !== undefined) return leader.url;
    }
  } finally {
    stop.abort();
  }
  throw new Error(`MESOS_MASTER: no leading master found at ${master} within 30 s`);
};

/**
 * One environment for the whole suite; each test file uses a framework name of its own in it. With MESOS_MASTER (and
 * MARATHON_URL) the suite runs against the Mesos that is there, and only the broker and ZooKeeper are ours.
 */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  await sweepLeftovers();
  const { MESOS_MASTER: mesosMaster, MARATHON_URL: marathonUrl } = process.env;
  const run = ownRun('e2e');
  const environment = await startEnvironment({
    run,
    agents: 3,
    wellKnownPorts: false,
    ...(mesosMaster === undefined ? {} : { parts: ownParts }),
  });
  provide('addresses', {
    ...environment.addresses,
    ...(mesosMaster === undefined ? {} : { mesosMaster, mesosUrl: await leaderOf(mesosMaster), marathonUrl: marathonUrl ?? '' }),
  });
  provide('runDirectory', run.path);
  provide('externalMesos', mesosMaster !== undefined);
  return async () => {
    await environment.stop();
    if (process.env['KEEP_LOGS'] === undefined) run.remove();
  };
};
