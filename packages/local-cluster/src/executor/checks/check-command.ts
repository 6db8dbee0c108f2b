// A check that runs a command (src/checks/checker_process.cpp, commandCheck and nestedCommandCheck).
import type { CommandInfo } from '../../generated/protocol.js';
import type { CommandProcess } from '../command-process.js';
import { formatDuration } from '../../durations/format-duration.js';

/** Where a task's checks run. */
export interface CheckRuntime {
  startCommand(command: CommandInfo): Promise<CommandProcess>;
  /** A check in a nested container that was killed says nothing: its task may just have ended. */
  readonly ignoresKilled: boolean;
}

/** @returns its exit code; undefined: nothing can be said this time. @throws when it did not end by itself in time */
export async function checkCommand(
  runtime: CheckRuntime,
  command: CommandInfo,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const process = await runtime.startCommand(command);
  let timedOut = false;
  const kill = (): void => process.signal('SIGKILL');
  const timer = Number.isFinite(timeoutMs)
    ? setTimeout(() => {
        timedOut = true;
        kill();
      }, timeoutMs)
    : undefined;
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  const exit = await process.exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', kill);
  if (timedOut) throw new Error(`Command timed out after ${formatDuration(timeoutMs)}`);
  if (exit.code !== null) return exit.code;
  if (exit.signal === 'SIGKILL' && runtime.ignoresKilled) return undefined;
  throw new Error(`Command terminated with signal ${exit.signal ?? 'unknown'}`);
}
