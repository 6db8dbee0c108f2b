import { addressesOf, type Addresses } from './addresses.js';
import { publishArtifacts } from './artifacts.js';
import { partNames, partStarters, type PartName } from './part-starters.js';
import { partOf, type Part } from './part.js';
import { isSameProcess } from './processes.js';
import type { RunDirectory } from './run-directory.js';
import { choosePorts, readRecord, recordedParts, writeRecord } from './run-record.js';
import { STOP_WITHIN_MS, stopRun } from './stop-run.js';

export interface EnvironmentOptions {
  readonly run: RunDirectory;
  readonly agents: number;
  /** Takes 5050 and 8080 where they are free, for people; else any ports, so that runs live side by side. */
  readonly wellKnownPorts: boolean;
  /** Which parts; all of them when absent. */
  readonly parts?: readonly PartName[];
  readonly onProgress?: (line: string) => void;
  /** Aborted: the start is given up. */
  readonly signal?: AbortSignal;
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
  const { run, onProgress = () => {} } = options;
  clearIfStopped(run);
  const earlier = readRecord(run);
  const ports = await choosePorts(options.wellKnownPorts, earlier);
  const addresses = addressesOf(run, ports);
  const parts = new Map<PartName, Part>();
  const started: Part[] = [];
  // One part that fails ends the start of the others.
  const giveUp = new AbortController();
  const signal = options.signal === undefined ? giveUp.signal : AbortSignal.any([options.signal, giveUp.signal]);
  const starters = partStarters({ run, ports, addresses, agents: options.agents, signal });

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
