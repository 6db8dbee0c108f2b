export interface Output {
  /** The result, on stdout: as JSON when that was asked for, else as text. */
  result(value: unknown, text: () => string): void;
  /** One of a series of results, on stdout: as one line of JSON when that was asked for, else as text. */
  event(value: unknown, text: () => string): void;
  /** Anything else, on stderr; a line that says what the last one said is left out. */
  progress(line: string): void;
}

export const outputTo = (stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream, json: boolean): Output => {
  let last: string | undefined;
  return {
    result: (value, text) => void stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`),
    event: (value, text) => void stdout.write(`${json ? JSON.stringify(value) : text()}\n`),
    progress: (line) => {
      if (line !== last) stderr.write(`${line}\n`);
      last = line;
    },
  };
};
