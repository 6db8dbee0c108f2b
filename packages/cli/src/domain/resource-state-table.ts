import { formatTable } from './table.js';

/** What streams-bridge answers to the custom command `getresourcestate`; the last three only in the long form. */
export interface ResourceStateRow {
  readonly nativeId: string;
  readonly id: string;
  readonly mesosTaskId: string | null;
  readonly resourceState: string;
  readonly requestState: string;
  readonly taskCompletionStatus: string;
  readonly hostname: string | null;
  readonly master: boolean;
  readonly tags?: string;
  readonly cores?: string;
  readonly memory?: string;
}

const columns: readonly (readonly [head: string, field: keyof ResourceStateRow])[] = [
  ['Display Name', 'id'],
  ['Native Name', 'nativeId'],
  ['Mesos Task ID', 'mesosTaskId'],
  ['Resource State', 'resourceState'],
  ['Request State', 'requestState'],
  ['Completion Status', 'taskCompletionStatus'],
  ['Host Name', 'hostname'],
  ['Is Master', 'master'],
];
const longColumns: typeof columns = [
  ['Tags', 'tags'],
  ['Cores', 'cores'],
  ['Memory', 'memory'],
];

/** The original's columns, in its order. */
export const resourceStateTable = (rows: readonly ResourceStateRow[], long: boolean): string => {
  const shown = long ? [...columns, ...longColumns] : columns;
  return formatTable(
    shown.map(([head]) => head),
    rows.map((row) => shown.map(([, field]) => row[field])),
  );
};
