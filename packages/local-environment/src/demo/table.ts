export type Cell = string | number;

/** Prints rows under their heads, columns as wide as their longest cell. */
export const printTable = (heads: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  const lines = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  for (const line of [lines[0]!, rule, ...lines.slice(1)]) {
    process.stdout.write(
      `    ${line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
};
