import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { resourceStateTable, type ResourceStateRow } from '../domain/resource-state-table.js';
import type { Perform } from '../perform.js';

export const addGetResourceState = (program: Command, perform: Perform): void => {
  program
    .command('getresourcestate')
    .description('the resources that Streams asked for, as the resource manager sees them')
    .option('-l, --long', 'also tags, cores and memory', false)
    .action(
      perform<{ long: boolean }>(async ({ bridge, output, signal }, { long }) => {
        const body = { requestId: randomUUID(), commandData: JSON.stringify({ command: 'getresourcestate', long: String(long) }) };
        const { result } = await (
          await bridge()
        ).ask<{ result: string }>('POST', '/resourcemgr/v1/customCommand', {
          body,
          timeoutMs: 60_000,
          signal,
        });
        const state = JSON.parse(result) as { resources: ResourceStateRow[] };
        output.result(state, () => resourceStateTable(state.resources, long));
      }),
    );
};
