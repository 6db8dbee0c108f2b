// The child process of a task or a check: session of its own, output into the sandbox (src/launcher/executor.cpp, mesos/launch.cpp).
import { spawn, type StdioOptions } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandInfo } from '../generated/protocol.js';
import type { Exit } from './exit-message.js';
import type { OrphanReaper } from './orphan-reaper.js';
import { signalTree } from './process-tree.js';
import type { UserIds } from './users.js';

export interface CommandProcess {
  /** undefined: the program could not be executed. */
  readonly pid: number | undefined;
  readonly exited: Promise<Exit>;
  /** To it and all that it started. */
  signal(signal: NodeJS.Signals): void;
  /** To it alone. */
  signalLeader(signal: NodeJS.Signals): void;
}

export interface CommandStart {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: UserIds | undefined;
  readonly reaper: OrphanReaper;
  /** `stderr`: all of it there, as a check's. */
  readonly output?: 'stdout and stderr' | 'stderr' | 'none';
}

interface Program {
  readonly file: string;
  readonly argv0: string;
  readonly args: readonly string[];
}

const programOf = ({ shell = true, value = '', arguments: argv = [] }: CommandInfo): Program =>
  shell ? { file: '/bin/sh', argv0: 'sh', args: ['-c', value] } : { file: value, argv0: argv[0] ?? value, args: argv.slice(1) };

/** `stdout` or `stderr` of a sandbox, for appending. */
export async function openOutput(sandbox: string, name: 'stdout' | 'stderr', user: UserIds | undefined): Promise<FileHandle> {
  const handle = await open(join(sandbox, name), 'a', 0o644);
  if (user !== undefined) await handle.chown(user.uid, user.gid);
  return handle;
}

const sayWhyNotExecuted = async ({ sandbox, user }: CommandStart, text: string): Promise<void> => {
  const output = await openOutput(sandbox, 'stderr', user);
  await output.appendFile(text);
  await output.close();
};

const openOutputs = ({ sandbox, user, output = 'stdout and stderr' }: CommandStart): Promise<FileHandle[]> => {
  const names = output === 'none' ? [] : output === 'stderr' ? (['stderr'] as const) : (['stdout', 'stderr'] as const);
  return Promise.all(names.map((name) => openOutput(sandbox, name, user)));
};

/** In the order of the file descriptors. */
const stdioOf = ([stdout, stderr]: readonly FileHandle[]): StdioOptions =>
  stdout === undefined ? 'ignore' : ['ignore', stdout.fd, (stderr ?? stdout).fd];

const signalOne = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
};

export async function startCommand(start: CommandStart): Promise<CommandProcess> {
  const { command, sandbox, environment, user, reaper } = start;
  const program = programOf(command);
  const outputs = await openOutputs(start);
  const child = spawn(program.file, program.args, {
    argv0: program.argv0,
    cwd: sandbox,
    env: environment,
    detached: true,
    stdio: stdioOf(outputs),
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  const { pid } = child;
  if (pid !== undefined) reaper.started(pid);
  let hasExited = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      hasExited = true;
      if (pid !== undefined) {
        // What the command left running in its group goes with its container.
        signalTree(pid, 'SIGKILL');
        reaper.ended(pid);
      }
      resolve({ code, signal });
    });
    child.once('error', (error) => {
      if (pid !== undefined) return;
      const text = `Failed to execute '${program.file}': ${error.message}\n`;
      const said = start.output === 'none' ? Promise.resolve() : sayWhyNotExecuted(start, text).catch(() => undefined);
      void said.then(() => resolve({ code: 1, signal: null }));
    });
  });
  await Promise.all(outputs.map((output) => output.close()));
  const signalWith = (send: (pid: number, signal: NodeJS.Signals) => void) => (signal: NodeJS.Signals) => {
    // Its pid may be another's by now.
    if (pid !== undefined && !hasExited) send(pid, signal);
  };
  return { pid, exited, signal: signalWith(signalTree), signalLeader: signalWith(signalOne) };
}
