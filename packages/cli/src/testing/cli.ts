import { Writable } from 'node:stream';
import type { Terminal } from '../confirm.js';
import { run } from '../run.js';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Text extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs one command line as a user would, with nothing but `env` in its environment, at no terminal unless one is given. */
export const cli = async (args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin?: Terminal): Promise<CliResult> => {
  const stdout = new Text();
  const stderr = new Text();
  const code = await run(args, { version: '1.2.3', env, stdout, stderr, ...(stdin && { stdin }) });
  return { code, stdout: stdout.text, stderr: stderr.text };
};
