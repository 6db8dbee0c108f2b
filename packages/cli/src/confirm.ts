import { createInterface } from 'node:readline/promises';

export type Terminal = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Whether whoever sits there says yes; undefined: nobody does. */
export type Confirm = (question: string) => Promise<boolean | undefined>;

export const confirmOn =
  (stdin: Terminal | undefined, stderr: NodeJS.WritableStream, signal: AbortSignal): Confirm =>
  async (question) => {
    if (stdin?.isTTY !== true) return undefined;
    const terminal = createInterface({ input: stdin, output: stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} (yes/no) `, { signal })).trim());
    } finally {
      terminal.close();
    }
  };
