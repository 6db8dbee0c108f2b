import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** In the environment of every process that a run starts, and of what those start in turn: so that a sweep finds them all. */
export const RUN_MARKER = 'STREAMS_ON_MESOS_RUN';

/** Names the part of the run that started the process. Tasks do not carry it: their environment is Mesos's own. */
export const PART_MARKER = 'STREAMS_ON_MESOS_PART';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  isAlive(): boolean;
}

/** Starts a process in a session of its own, so that a Ctrl-C in the terminal reaches only who decides what to stop, and in what order. */
export const launch = ({ command, args, env, cwd, logFile }: Launch): RunningProcess => {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  child.unref();
  return {
    pid: child.pid ?? -1,
    logFile,
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
  };
};

/** The last lines of a log, for an error text. */
export const tailOfLog = (logFile: string, lines = 15): string => {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
};

/** What a pid names: a pid alone may be somebody else's by the next look. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
}

/** proc(5): field 22 of /proc/<pid>/stat, counted after the command name, which may hold blanks and parentheses. */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startTime: fields[19]! };
  } catch {
    return undefined;
  }
};

/** A child of ours that has ended, but that Node has not collected yet: it would stay behind as a zombie if this process ended now. */
export const isUncollected = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' && Number(parent) === process.pid;
  } catch {
    return false;
  }
};

export const isSameProcess = ({ pid, startTime }: ProcessIdentity): boolean => identityOf(pid)?.startTime === startTime;

export interface MarkedProcess extends ProcessIdentity {
  readonly command: string;
}

/** Every living process whose environment carries the marker of `runDirectory`, and of `part` when only those of one part are asked for. */
export const processesOfRun = (runDirectory: string, part?: string): MarkedProcess[] => {
  const markers = [`${RUN_MARKER}=${runDirectory}`, ...(part === undefined ? [] : [`${PART_MARKER}=${part}`])];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        if (!markers.every((marker) => environment.includes(marker))) return [];
        const identity = identityOf(Number(name));
        if (identity === undefined) return [];
        return [{ ...identity, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim() }];
      } catch {
        return []; // ended meanwhile, or another user's
      }
    });
};

export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // ended meanwhile
  }
};

/** Whether the process, or with a negative pid any of the group, is there; one that has ended counts until its parent has noticed. */
export const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
