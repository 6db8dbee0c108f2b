import type { Command } from 'commander';
import { formatTable } from '../domain/table.js';
import { allPages } from '../http/all-pages.js';
import type { Perform } from '../perform.js';

interface AgentView {
  readonly id: string;
  readonly hostname?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly zone?: string;
  readonly last_offered: Readonly<Record<string, { readonly cpus: number; readonly mem: number }>>;
  readonly tasks: readonly unknown[];
  readonly avoided_by_all_since_ms?: number;
  readonly avoided_by: Readonly<Record<string, number>>;
  readonly maintenance?: { readonly start_ms: number };
}

const avoidedText = ({ avoided_by_all_since_ms: all, avoided_by: by }: AgentView): string | undefined => {
  if (all !== undefined) return `all, since ${new Date(all).toISOString()}`;
  const names = Object.keys(by);
  return names.length === 0 ? undefined : names.join(', ');
};

const row = (agent: AgentView) => {
  const { id, hostname, attributes, region, zone, last_offered: offered, tasks, maintenance } = agent;
  const quantities = Object.entries(offered).map(([role, { cpus, mem }]) => `${role}: ${cpus} cpus, ${mem} MB`);
  return [
    hostname,
    id,
    [region, zone].filter((name) => name !== undefined).join('/') || undefined,
    Object.entries(attributes)
      .map(([name, value]) => `${name}:${value}`)
      .join(';') || undefined,
    quantities.join('; ') || undefined,
    tasks.length,
    avoidedText(agent),
    maintenance === undefined ? undefined : new Date(maintenance.start_ms).toISOString(),
  ];
};

export const addAgents = (program: Command, perform: Perform): void => {
  program
    .command('agents')
    .description('the agents that Mesos offered: what they last had free, our tasks there, who avoids them, their maintenance')
    .action(
      perform(async ({ allocation, output, signal }) => {
        const agents = await allPages<AgentView>(await allocation(), '/api/v1/agents', 'agents', {}, { signal });
        output.result({ agents }, () =>
          formatTable(['Host', 'Id', 'Domain', 'Attributes', 'Last offered', 'Tasks', 'Avoided by', 'Maintenance'], agents.map(row)),
        );
      }),
    );
};
