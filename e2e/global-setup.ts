import { ownRun, startEnvironment, sweepLeftovers, type Addresses } from '../packages/local-environment/src/index.js';
import { detectMaster, parseMasterAddress, type MasterAddress } from '../packages/mesos/src/index.js';
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

const addressOf = (master: string): MasterAddress => {
  try {
    return parseMasterAddress(master);
  } catch (error) {
    throw new Error(`MESOS_MASTER: ${(error as Error).message}`, { cause: error });
  }
};

/** One address is taken for the leader's without being asked. */
const answering = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/version`, { signal: AbortSignal.timeout(10_000) }).catch((error: Error) => error);
  if (answer instanceof Response && answer.ok) return url;
  const why = answer instanceof Response ? `answers ${answer.status}` : `does not answer (${String(answer.cause ?? answer)})`;
  throw new Error(`MESOS_MASTER: ${url}/version ${why}`);
};

/** http(s)://host:port of the leading master. */
const leaderOf = async (master: string): Promise<string> => {
  const stop = new AbortController();
  try {
    for await (const leader of detectMaster(addressOf(master), {
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]),
    })) {
      if (leader !== undefined) return await answering(leader.url);
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
  const mesosMaster = process.env['MESOS_MASTER'] || undefined;
  const marathonUrl = process.env['MARATHON_URL'] || '';
  // asked for before anything is started that would have to be stopped
  const external = mesosMaster === undefined ? undefined : { mesosMaster, mesosUrl: await leaderOf(mesosMaster), marathonUrl };
  const run = ownRun('e2e');
  const environment = await startEnvironment({
    run,
    agents: 3,
    wellKnownPorts: false,
    ...(external && { parts: ownParts }),
  });
  provide('addresses', { ...environment.addresses, ...external });
  provide('runDirectory', run.path);
  provide('externalMesos', external !== undefined);
  return async () => {
    await environment.stop();
    if (process.env['KEEP_LOGS'] === undefined) run.remove();
  };
};
