import {
  exists,
  identityOf,
  isUncollected,
  launch,
  PART_MARKER,
  processesOfRun,
  RUN_MARKER,
  signal,
  tailOfLog,
  type Launch,
  type ProcessIdentity,
} from './processes.js';
import { Fatal, until } from './wait.js';

/** What names a running part, also to another process of ours. */
export interface PartIdentity {
  readonly process: ProcessIdentity;
  /** What runs only for it, and ends after it. */
  readonly companions: readonly ProcessIdentity[];
  readonly logFile: string;
}

/** One program of the environment, running. */
export interface Part extends PartIdentity {
  readonly name: string;
  /** SIGTERM, and SIGKILL when that is not enough; twice is harmless. */
  stop(): Promise<void>;
  /** SIGKILL to all of it, for tests of crashes. */
  kill(): Promise<void>;
}

export interface PartSpec {
  readonly name: string;
  readonly runDirectory: string;
  readonly launch: Launch;
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  /** Aborted: the start is given up, and what it started is ended. */
  readonly signal?: AbortSignal | undefined;
}

/** What a killed command began to start, or a killed part left behind, would hold the ports that the part needs. */
const endRemains = async ({ name, runDirectory }: PartSpec): Promise<void> => {
  const remains = processesOfRun(runDirectory, name).filter(({ pid }) => pid !== process.pid);
  await Promise.all(remains.map((found) => endProcess(found, 2_000)));
};

/** Ends a process that may be another one's child: asks, waits, then does not ask any more. */
export const endProcess = async (identity: ProcessIdentity, stopWithinMs: number): Promise<void> => {
  const isGone = () => identityOf(identity.pid)?.startTime !== identity.startTime;
  if (isGone()) return;
  signal(identity.pid, 'SIGTERM');
  try {
    await until(`end of process ${identity.pid}`, stopWithinMs, isGone, 50);
  } catch {
    if (!isGone()) signal(identity.pid, 'SIGKILL');
    await until(`end of process ${identity.pid} after SIGKILL`, 5_000, isGone, 50);
  }
  await until(`collection of process ${identity.pid}`, 1_000, () => !isUncollected(identity.pid), 10).catch(() => undefined);
};

/** Starts a program and waits until it serves. @throws with the end of its log when it ends instead; the reason of `signal` */
export const startPart = async (spec: PartSpec): Promise<Part> => {
  await endRemains(spec);
  spec.signal?.throwIfAborted();
  const markers = { [RUN_MARKER]: spec.runDirectory, [PART_MARKER]: spec.name };
  const running = launch({ ...spec.launch, env: { HOME: spec.launch.cwd, ...spec.launch.env, ...markers } });
  const identity = identityOf(running.pid);
  const failure = (why: string) => new Fatal(`${spec.name} ${why}; the end of ${running.logFile}:\n${tailOfLog(running.logFile)}`);
  if (identity === undefined) throw failure('did not start');
  try {
    const isReady = async (): Promise<boolean> => {
      if (!running.isAlive()) throw failure('ended while starting');
      return spec.isReady();
    };
    await until(`${spec.name} ready`, spec.readyWithinMs, isReady, 100, spec.signal);
  } catch (error) {
    await endProcess(identity, 1_000);
    await endRemains(spec);
    spec.signal?.throwIfAborted();
    throw error instanceof Fatal ? error : failure(`was not ready within ${spec.readyWithinMs / 1000} s`);
  }
  return partOf(spec.name, { process: identity, companions: [], logFile: running.logFile }, spec.stopWithinMs);
};

/** A running part by what names it, whoever started it. */
export const partOf = (name: string, identity: PartIdentity, stopWithinMs: number): Part => {
  const end = async (patienceMs: number): Promise<void> => {
    await endProcess(identity.process, patienceMs);
    for (const companion of identity.companions) await endProcess(companion, 3_000);
  };
  return {
    ...identity,
    name,
    stop: () => end(stopWithinMs),
    kill: async () => {
      // Its whole process group, which `launch` made its own: RabbitMQ's script would die and leave the broker running.
      const group = -identity.process.pid;
      signal(group, 'SIGKILL');
      await until(`end of ${name}`, 5_000, () => !exists(group), 20);
      await end(0);
    },
  };
};
