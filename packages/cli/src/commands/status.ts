import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { describeApp, isAppReady } from '../domain/app-health.js';
import { describeRuntime, type RuntimeCounts } from '../domain/scaling.js';
import { formatTable } from '../domain/table.js';
import { Failure, Unavailable } from '../failure.js';
import { appTables } from '../marathon/app-tables.js';
import { MarathonClient, type MarathonApp } from '../marathon/marathon-client.js';
import { marathonUrlOption } from '../marathon/marathon-url-option.js';
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

const SERVICES = ['offer-service', 'allocation-service', 'streams-bridge'];

/** Our apps in Marathon: undefined when it was not asked, or a reason when it does not tell. */
const appsOf = async (marathonUrl: string | undefined, signal: AbortSignal): Promise<readonly MarathonApp[] | string | undefined> => {
  if (marathonUrl === undefined) return undefined;
  try {
    const apps = await new MarathonClient(marathonUrl, signal).apps();
    return apps.filter(({ id }) => SERVICES.some((service) => id.endsWith(`/${service}`)));
  } catch (error) {
    if (error instanceof Unavailable || error instanceof Failure) return `Marathon does not answer: ${error.message}`;
    throw error;
  }
};

export const addStatus = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  program
    .command('status')
    .description(
      'the apps (where MARATHON_URL says who runs them), the services and the scaled nodes; exit code 1 when one is not as it should be',
    )
    .addOption(marathonUrlOption(env))
    .action(
      perform<{ marathonUrl?: string }>(async (context, { marathonUrl }) => {
        const { finder, options, output, signal } = context;
        const apps = await appsOf(marathonUrl, signal);
        const registered = await finder.instances();
        const instances = await Promise.all(registered.map((instance) => statusOf(instance, signal)));
        instances.sort((a, b) => `${a.service} ${a.role} ${a.url}`.localeCompare(`${b.service} ${b.role} ${b.url}`));
        if (Array.isArray(apps) && apps.length === 0 && instances.length === 0) {
          output.result(
            { apps, instances, runtime: null },
            () => 'no apps in Marathon and no services: `make startScheduler` submits them',
          );
          return;
        }
        const runtime = await runtimeOf(context);
        const services =
          instances.length === 0
            ? `no service of the framework ${options.frameworkName} is registered in ZooKeeper at ${options.zookeeper}`
            : instancesTable(instances);
        const nodes = runtime === undefined ? 'no allocation-service leads' : describeRuntime(runtime);
        output.result({ ...(apps === undefined ? {} : { apps }), instances, runtime: runtime ?? null }, () =>
          [...(apps === undefined ? [] : [typeof apps === 'string' ? apps : appTables(apps)]), services, nodes].join('\n\n'),
        );
        const faults = [
          ...(typeof apps === 'string' ? ['Marathon does not answer'] : []),
          ...(runtime === undefined ? ['no allocation-service answers'] : []),
          ...(typeof apps === 'string' ? [] : (apps ?? []))
            .filter((app) => !isAppReady(app))
            .map((app) => `${app.id}: ${describeApp(app)}`),
          ...instances.filter(({ ready }) => !ready).map(({ service }) => `${service} is not ready`),
        ];
        if (faults.length > 0) throw new Failure(faults.join('; '));
      }),
    );
};
