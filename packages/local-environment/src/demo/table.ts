import { formatTable, type Cell } from '@streams-on-mesos/cli/table';

/** Prints rows under their heads, set off from what the demo says. */
export const printTable = (heads: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  process.stdout.write(`${formatTable(heads, rows).replace(/^/gm, '    ')}\n`);
};
