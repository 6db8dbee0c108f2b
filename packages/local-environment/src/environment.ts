import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePorts, preferPort } from './ports.js';
import { partOf, startPart, type Part, type PartIdentity } from './part.js';
import { isSameProcess, RUN_MARKER } from './processes.js';
import { startRabbitMq } from './rabbitmq.js';
import { checkout, type RunDirectory } from './run-directory.js';
import { startZooKeeper } from './zookeeper.js';

/** Where everything of a running environment answers. */
export interface Addresses {
  /** host:port */
  readonly zookeeper: string;
  readonly rabbitmqUrl: string;
  /** zk://host:port/mesos, or host:port for a master that is not in ZooKeeper */
  readonly mesosMaster: string;
  readonly mesosUrl: string;
  readonly marathonUrl: string;
  /** Where Mesos's fetcher finds the services' tarballs. */
  readonly artifactBase: string;
}

export interface EnvironmentOptions {
  readonly run: RunDirectory;
  readonly agents: number;
  /** Takes 5050 and 8080 where they are free, for people; else any ports, so that runs live side by side. */
  readonly wellKnownPorts: boolean;
  /** false: the framework finds the master by host:port alone. */
  readonly masterInZooKeeper?: boolean;
  /** Which parts; all of them when absent. */
  readonly parts?: readonly PartName[];
  readonly clusterArguments?: readonly string[];
  readonly onProgress?: (line: string) => void;
  /** Aborted: the start is given up. */
  readonly signal?: AbortSignal;
}

interface Ports {
  readonly zookeeper: number;
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
  readonly mesos: number;
  readonly marathon: number;
}

/** What a later command needs to find, complete or stop the run. */
interface Recorded {
  readonly ports: Ports;
  readonly parts: Record<string, PartIdentity>;
}

export interface Environment {
  readonly run: RunDirectory;
  readonly addresses: Addresses;
  readonly parts: readonly Part[];
  part(name: PartName): Part;
  /** Starts a part again that a test has stopped: same ports, same data. */
  restart(name: PartName): Promise<void>;
  stop(): Promise<void>;
}

export const partNames = ['ZooKeeper', 'RabbitMQ', 'Mesos', 'Marathon'] as const;
export type PartName = (typeof partNames)[number];

const STOP_WITHIN_MS = 20_000;

const recordFile = (run: RunDirectory) => join(run.path, 'environment.json');

const readRecord = (run: RunDirectory): Recorded | undefined =>
  existsSync(recordFile(run)) ? (JSON.parse(readFileSync(recordFile(run), 'utf8')) as Recorded) : undefined;

const writeRecord = (run: RunDirectory, record: Recorded): void => {
  const temporary = `${recordFile(run)}.new`;
  writeFileSync(temporary, JSON.stringify(record, null, 2));
  renameSync(temporary, recordFile(run));
};

/** After a cut, the ports of the earlier start as far as nobody else has taken them since: what Marathon restarts was told them. */
const choosePorts = async (wellKnown: boolean, earlier: Recorded | undefined): Promise<Ports> => {
  const any = await freePorts(6);
  const wanted: Ports = earlier?.ports ?? {
    zookeeper: any[0]!,
    amqp: any[1]!,
    distribution: any[2]!,
    epmd: any[3]!,
    mesos: wellKnown ? 5050 : any[4]!,
    marathon: wellKnown ? 8080 : any[5]!,
  };
  if (Object.values(earlier?.parts ?? {}).some((part) => isSameProcess(part.process))) return wanted;
  const chosen = await Promise.all(Object.entries(wanted).map(async ([name, port]) => [name, await preferPort(port)] as const));
  return Object.fromEntries(chosen) as unknown as Ports;
};

/** Where tasks find `node`: the one that runs this, whatever else is on the PATH of who started it. */
const taskPath = [dirname(process.execPath), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Programs run from copies in the run directory, so that the checkout may be moved, rebuilt or removed under them. */
const program = (run: RunDirectory, workspace: string): string => {
  const copy = join(run.path, 'programs', `${workspace}.mjs`);
  mkdirSync(join(run.path, 'programs'), { recursive: true });
  cpSync(join(checkout, 'packages', workspace, 'dist', 'main.mjs'), copy);
  return copy;
};

const answers = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;

const addressesOf = (run: RunDirectory, ports: Ports, masterInZooKeeper: boolean): Addresses => ({
  zookeeper: `127.0.0.1:${ports.zookeeper}`,
  rabbitmqUrl: `amqp://127.0.0.1:${ports.amqp}`,
  mesosMaster: masterInZooKeeper ? `zk://127.0.0.1:${ports.zookeeper}/mesos` : `127.0.0.1:${ports.mesos}`,
  mesosUrl: `http://127.0.0.1:${ports.mesos}`,
  marathonUrl: `http://127.0.0.1:${ports.marathon}`,
  artifactBase: `file://${encodeURI(join(run.path, 'artifacts'))}`,
});

/** The addresses of a run that was started by another command, or undefined when it was not. */
export const recordedAddresses = (run: RunDirectory): Addresses | undefined => {
  const record = readRecord(run);
  return record === undefined ? undefined : addressesOf(run, record.ports, true);
};

/** Each part of a recorded run and whether it still lives. */
export const recordedParts = (
  run: RunDirectory,
): { readonly name: string; readonly pid: number; readonly alive: boolean; readonly logFile: string }[] =>
  Object.entries(readRecord(run)?.parts ?? {}).map(([name, part]) => ({
    name,
    pid: part.process.pid,
    alive: isSameProcess(part.process),
    logFile: part.logFile,
  }));

/**
 * Copies the built tarballs to where the agents fetch them from. Returns their names by the variables that the app JSONs
 * use, e.g. OFFER_SERVICE_TARBALL; a name changes with the content.
 */
export const publishArtifacts = (run: RunDirectory): Record<string, string> => {
  const built = join(checkout, 'dist', 'artifacts');
  cpSync(built, join(run.path, 'artifacts'), { recursive: true });
  return tarballVariables();
};

/** The names of the built tarballs by the variables that the app JSONs use. */
export const tarballVariables = (): Record<string, string> => {
  const index = JSON.parse(readFileSync(join(checkout, 'dist', 'artifacts', 'index.json'), 'utf8')) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(index).map(([service, file]) => [`${service.toUpperCase().replaceAll('-', '_')}_TARBALL`, file]),
  );
};

/** What was stopped in order begins from nothing at the next start; what was cut off goes on with its data. */
const clearIfStopped = (run: RunDirectory): void => {
  const record = readRecord(run);
  if (record === undefined || Object.keys(record.parts).length > 0) return;
  run.clear();
};

/**
 * Starts what of the environment is not running yet. Called again, it completes what is missing and touches nothing else.
 * When a part does not start, those that this call has started are stopped again. @throws why; the reason of `signal`
 */
export const startEnvironment = async (options: EnvironmentOptions): Promise<Environment> => {
  const { run, onProgress = () => {}, masterInZooKeeper = true } = options;
  clearIfStopped(run);
  const earlier = readRecord(run);
  const ports = await choosePorts(options.wellKnownPorts, earlier);
  const addresses = addressesOf(run, ports, masterInZooKeeper);
  const parts = new Map<PartName, Part>();
  const started: Part[] = [];
  // One part that fails ends the start of the others.
  const giveUp = new AbortController();
  const signal = options.signal === undefined ? giveUp.signal : AbortSignal.any([options.signal, giveUp.signal]);
  const dirOf = (name: string) => {
    const dir = join(run.path, name);
    mkdirSync(dir, { recursive: true });
    return dir;
  };
  const startNode = (name: PartName, workspace: string, args: readonly string[], readyUrl: string) =>
    startPart({
      name,
      runDirectory: run.path,
      launch: {
        command: process.execPath,
        args: ['--enable-source-maps', program(run, workspace), ...args],
        env: {},
        cwd: dirOf(workspace),
        logFile: join(dirOf(workspace), `${workspace}.log`),
      },
      isReady: () => answers(readyUrl),
      readyWithinMs: 30_000,
      stopWithinMs: 15_000,
      signal,
    });

  const starters: Record<PartName, () => Promise<Part>> = {
    ZooKeeper: () => startZooKeeper({ dir: dirOf('zookeeper'), runDirectory: run.path, port: ports.zookeeper, signal }),
    RabbitMQ: () => startRabbitMq({ dir: dirOf('rabbitmq'), runDirectory: run.path, ports, signal }),
    Mesos: () =>
      startNode(
        'Mesos',
        'local-cluster',
        [
          ...['--agents', String(options.agents), '--port', String(ports.mesos), '--work-dir', dirOf('mesos')],
          ...(masterInZooKeeper ? ['--zk', `zk://127.0.0.1:${ports.zookeeper}/mesos`] : []),
          ...['--executor-environment-variables', JSON.stringify({ [RUN_MARKER]: run.path, PATH: taskPath })],
          ...(options.clusterArguments ?? []),
        ],
        `${addresses.mesosUrl}/master/health`,
      ),
    Marathon: () =>
      startNode(
        'Marathon',
        'local-marathon',
        ['--master', addresses.mesosMaster, '--port', String(ports.marathon), '--state-file', join(dirOf('local-marathon'), 'state.json')],
        `${addresses.marathonUrl}/ping`,
      ),
  };

  const bring = async (name: PartName): Promise<void> => {
    const recorded = readRecord(run)?.parts[name];
    if (recorded !== undefined && isSameProcess(recorded.process)) {
      parts.set(name, partOf(name, recorded, STOP_WITHIN_MS));
      onProgress(`${name} runs already (pid ${recorded.process.pid})`);
      return;
    }
    signal.throwIfAborted();
    const began = Date.now();
    const part = await starters[name]();
    parts.set(name, part);
    started.push(part);
    const record = readRecord(run) ?? { ports, parts: {} };
    writeRecord(run, {
      ports,
      parts: { ...record.parts, [name]: { process: part.process, companions: part.companions, logFile: part.logFile } },
    });
    onProgress(`${name} is up after ${((Date.now() - began) / 1000).toFixed(1)} s (pid ${part.process.pid})`);
  };

  publishArtifacts(run);
  writeRecord(run, { ports, parts: earlier?.parts ?? {} });
  const wanted = options.parts ?? partNames;
  const bringWanted = (name: PartName): Promise<void> => (wanted.includes(name) ? bring(name) : Promise.resolve());
  const branches = [bringWanted('ZooKeeper').then(() => bringWanted('Mesos')), bringWanted('RabbitMQ')];
  try {
    await Promise.all(branches);
    await bringWanted('Marathon');
  } catch (error) {
    giveUp.abort(error);
    await Promise.allSettled(branches);
    for (const part of started.reverse()) await part.stop();
    if (recordedParts(run).every(({ alive }) => !alive)) await run.sweep();
    writeRecord(run, { ports, parts: earlier?.parts ?? {} });
    throw error;
  }

  const environment: Environment = {
    run,
    addresses,
    get parts() {
      return [...parts.values()];
    },
    part: (name) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`${name} is not part of this environment`);
      return part;
    },
    restart: async (name) => {
      await environment.part(name).stop();
      await bring(name);
    },
    stop: () => stopRun(run, onProgress),
  };
  return environment;
};

/** Stops a run, whoever started it: Marathon first, so that nothing is started again; ZooKeeper last; then what is left. */
export const stopRun = async (run: RunDirectory, onProgress: (line: string) => void = () => {}): Promise<void> => {
  const record = readRecord(run);
  const end = async (name: string): Promise<void> => {
    const part = record?.parts[name];
    if (part === undefined || !isSameProcess(part.process)) return;
    await partOf(name, part, STOP_WITHIN_MS).stop();
    onProgress(`${name} stopped`);
  };
  await end('Marathon');
  await end('Mesos');
  await Promise.all([end('RabbitMQ'), end('ZooKeeper')]);
  await run.sweep();
  if (record !== undefined) writeRecord(run, { ports: record.ports, parts: {} });
};
