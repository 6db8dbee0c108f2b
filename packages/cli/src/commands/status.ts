import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { RuntimeCounts } from '../domain/scaling.js';
import { formatTable } from '../domain/table.js';
import { Failure, Unavailable } from '../failure.js';
import type { Perform } from '../perform.js';

interface InstanceStatus {
  readonly service: string;
  readonly role: string;
  readonly url: string;
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

const statusOf = async (instance: { service: string; role: string; url: string }, signal: AbortSignal): Promise<InstanceStatus> => {
  const { service, role, url } = instance;
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
    const { reasons = [] } = (await answer.json()) as { reasons?: string[] };
    return { service, role, url, ready: answer.ok, reasons };
  } catch (error) {
    return { service, role, url, ready: false, reasons: [`/readyz: ${(error as Error).message}`] };
  }
};

const instancesTable = (instances: readonly InstanceStatus[]): string =>
  formatTable(
    ['Service', 'Role', 'URL', 'Ready'],
    instances.map(({ service, role, url, ready, reasons }) => [service, role, url, ready ? 'yes' : `no: ${reasons.join('; ')}`]),
  );

/** undefined while nobody leads: the table of instances says why. */
const runtimeOf = async ({ allocation, signal }: CommandContext): Promise<RuntimeCounts | undefined> => {
  try {
    return await (await allocation()).ask<RuntimeCounts>('GET', '/api/v1/config/runtime', { signal });
  } catch (error) {
    if (error instanceof Unavailable || error instanceof Failure) return undefined;
    throw error;
  }
};

export const addStatus = (program: Command, perform: Perform): void => {
  program
    .command('status')
    .description('the running services and the scaled nodes; exit code 1 when something is missing')
    .action(
      perform(async (context) => {
        const { finder, options, output, signal } = context;
        const registered = await finder.instances();
        const instances = await Promise.all(registered.map((instance) => statusOf(instance, signal)));
        instances.sort((a, b) => `${a.service} ${a.role} ${a.url}`.localeCompare(`${b.service} ${b.role} ${b.url}`));
        const runtime = await runtimeOf(context);
        output.result({ instances, runtime: runtime ?? null }, () =>
          instances.length === 0
            ? `no service of the framework ${options.frameworkName} is registered in ZooKeeper at ${options.zookeeper}`
            : `${instancesTable(instances)}\n\n${runtime === undefined ? 'no allocation-service leads' : `${runtime.num_of_live_node} of ${runtime.num_of_node} nodes live`}`,
        );
        const missing = instances.filter(({ ready }) => !ready).map(({ service }) => service);
        if (runtime === undefined || missing.length > 0) {
          throw new Failure(missing.length > 0 ? `not ready: ${missing.join(', ')}` : 'no allocation-service answers');
        }
      }),
    );
};
