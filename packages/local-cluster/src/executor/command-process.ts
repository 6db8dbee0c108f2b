// The child process of a command task: session of its own, output into the sandbox (src/launcher/executor.cpp, mesos/launch.cpp).
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
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
  signal(signal: NodeJS.Signals): void;
}

export interface CommandStart {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly environment: Record<string, string>;
  readonly user: UserIds | undefined;
  readonly reaper: OrphanReaper;
}

interface Program {
  readonly file: string;
  readonly argv0: string;
  readonly args: readonly string[];
}

const programOf = ({ shell = true, value = '', arguments: argv = [] }: CommandInfo): Program =>
  shell ? { file: '/bin/sh', argv0: 'sh', args: ['-c', value] } : { file: value, argv0: argv[0] ?? value, args: argv.slice(1) };

/** `stdout` or `stderr` of a sandbox, for appending. */
export async function openOutput(sandbox: string, name: 'stdout' | 'stderr', user: UserIds | undefined) {
  const handle = await open(join(sandbox, name), 'a', 0o644);
  if (user !== undefined) await handle.chown(user.uid, user.gid);
  return handle;
}

export async function startCommand({ command, sandbox, environment, user, reaper }: CommandStart): Promise<CommandProcess> {
  const program = programOf(command);
  const [stdout, stderr] = await Promise.all([openOutput(sandbox, 'stdout', user), openOutput(sandbox, 'stderr', user)]);
  const child = spawn(program.file, program.args, {
    argv0: program.argv0,
    cwd: sandbox,
    env: environment,
    detached: true,
    stdio: ['ignore', stdout.fd, stderr.fd],
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  const { pid } = child;
  if (pid !== undefined) reaper.started(pid);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      if (pid !== undefined) {
        // What the command left running in its group goes with its container.
        signalTree(pid, 'SIGKILL');
        reaper.ended(pid);
      }
      resolve({ code, signal });
    });
    child.once('error', (error) => {
      if (pid !== undefined) return;
      void openOutput(sandbox, 'stderr', user)
        .then(async (output) => {
          await output.appendFile(`Failed to execute '${program.file}': ${error.message}\n`);
          await output.close();
        })
        .finally(() => resolve({ code: 1, signal: null }));
    });
  });
  await Promise.all([stdout.close(), stderr.close()]);
  return { pid, exited, signal: (signal) => (pid === undefined ? undefined : signalTree(pid, signal)) };
}
