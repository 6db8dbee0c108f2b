import { checkout } from '@streams-on-mesos/local-environment';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs the command line as its user would; rejects when it ends with another code than 0. Resolves to its stdout. */
export const cli = async (args: readonly string[], env: Record<string, string>): Promise<string> => {
  const program = join(checkout, 'packages', 'cli', 'dist', 'main.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  return stdout;
};
