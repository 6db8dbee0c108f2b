import type { Command } from 'commander';
import { formatTable } from '../domain/table.js';
import { allPages } from '../http/all-pages.js';
import type { Perform } from '../perform.js';

interface RequestView {
  readonly id: string;
  readonly state: string;
  readonly role: string;
  readonly priority: number;
  readonly each: { readonly cpus: number; readonly mem: number };
  readonly resources: Readonly<Record<string, number>>;
}

interface ListOptions {
  readonly owner?: string;
  readonly state?: string;
  readonly label?: string;
}

export const addListRequests = (program: Command, perform: Perform): void => {
  program
    .command('requests')
    .description('what was asked for, the scaled nodes too, and how far it is')
    .option('--owner <id>', "only this client's; scaling: the scaled nodes")
    .option('--state <state>', 'only WAITING, ACTIVE or ENDED ones')
    .option('--label <name[:value]>', 'only those with this label')
    .action(
      perform<ListOptions>(async ({ allocation, output, signal }, { owner, state, label }) => {
        const query = { owner, state, label };
        const requests = await allPages<RequestView>(await allocation(), '/api/v1/requests', 'requests', query, { signal });
        output.result({ requests }, () =>
          formatTable(
            ['Id', 'State', 'Role', 'Priority', 'Cpus', 'Mem', 'Resources'],
            requests.map(({ id, state: is, role, priority, each, resources }) => {
              const counts = Object.entries(resources).map(([name, count]) => `${count} ${name}`);
              return [id, is, role, priority, each.cpus, each.mem, counts.join(', ')];
            }),
          ),
        );
      }),
    );
};
