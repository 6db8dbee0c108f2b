import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownRun } from './run-directory.js';
import { startZooKeeper } from './zookeeper.js';

/** Runs a command; `{}` in its arguments stands for the host:port of a ZooKeeper that lives as long. @returns its exit status */
export const withZooKeeper = async ([command = 'false', ...args]: readonly string[], signal: AbortSignal): Promise<number> => {
  const run = ownRun('zookeeper');
  try {
    const zookeeper = await startZooKeeper({ dir: join(run.path, 'zookeeper'), runDirectory: run.path, signal });
    const given = args.map((arg) => arg.replaceAll('{}', () => zookeeper.connectString));
    const child = spawn(command, given, { stdio: 'inherit' });
    // Who interrupts a terminal's job interrupts the command as well; it is waited for.
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    const [code] = (await once(child, 'exit')) as [number | null];
    await zookeeper.stop();
    return code ?? 1;
  } finally {
    await run.sweep();
    run.remove();
  }
};
