import type { Command } from 'commander';
import { formatTable } from '../domain/table.js';
import { allPages } from '../http/all-pages.js';
import type { Perform } from '../perform.js';

interface Quantities {
  readonly cpus: number;
  readonly mem: number;
}

interface ResourceView {
  readonly id: string;
  readonly owner: string;
  readonly state: string;
  readonly request_state: string;
  readonly completion: string;
  readonly task_id?: string;
  readonly host?: string;
  readonly allocated?: Quantities;
}

export const addResources = (program: Command, perform: Perform): void => {
  program
    .command('resources')
    .description('all resources, scaled nodes too, as allocation-service sees them')
    .action(
      perform(async ({ allocation, output, signal }) => {
        const resources = await allPages<ResourceView>(await allocation(), '/api/v1/resources', 'resources', {}, { signal });
        output.result({ resources }, () =>
          formatTable(
            ['Id', 'Owner', 'State', 'Request State', 'Completion', 'Task', 'Host', 'Cpus', 'Mem'],
            resources.map(({ id, owner, state, request_state, completion, task_id, host, allocated }) => {
              return [id, owner, state, request_state.replace(/^REQUEST_/, ''), completion, task_id, host, allocated?.cpus, allocated?.mem];
            }),
          ),
        );
      }),
    );
};
