import { identityOf, launch, RUN_MARKER, signal, tailOfLog, type Launch, type ProcessIdentity } from './processes.js';
import { Fatal, until } from './wait.js';

/** One program of the environment, running. */
export interface Part {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly logFile: string;
  /** SIGTERM, and SIGKILL when that is not enough; twice is harmless. */
  stop(): Promise<void>;
  /** SIGKILL, for tests of crashes. */
  kill(): Promise<void>;
}

export interface PartSpec {
  readonly name: string;
  readonly runDirectory: string;
  readonly launch: Launch;
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
}

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
};

/** Starts a program and waits until it serves. @throws with the end of its log when it ends instead. */
export const startPart = async (spec: PartSpec): Promise<Part> => {
  const running = launch({ ...spec.launch, env: { HOME: spec.launch.cwd, ...spec.launch.env, [RUN_MARKER]: spec.runDirectory } });
  const identity = identityOf(running.pid);
  const failure = (why: string) => new Fatal(`${spec.name} ${why}; the end of ${running.logFile}:\n${tailOfLog(running.logFile)}`);
  if (identity === undefined) throw failure('did not start');
  try {
    await until(`${spec.name} ready`, spec.readyWithinMs, async () => {
      if (!running.isAlive()) throw failure('ended while starting');
      return spec.isReady();
    });
  } catch (error) {
    await endProcess(identity, 1_000);
    throw error instanceof Fatal ? error : failure(`was not ready within ${spec.readyWithinMs / 1000} s`);
  }
  return {
    name: spec.name,
    process: identity,
    logFile: running.logFile,
    stop: () => endProcess(identity, spec.stopWithinMs),
    kill: async () => {
      signal(identity.pid, 'SIGKILL');
      await running.ended;
    },
  };
};
