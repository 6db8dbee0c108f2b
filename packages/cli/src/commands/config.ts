import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { describeRuntime, scalingConfig, scalingProgress, type RuntimeCounts, type ScalingConfig } from '../domain/scaling.js';
import { describeNodes, type NodeView } from '../domain/node-states.js';
import { allPages } from '../http/all-pages.js';
import { MarathonClient } from '../marathon/marathon-client.js';
import { marathonUrlOption } from '../marathon/marathon-url-option.js';
import { Failure } from '../failure.js';
import { decimalNumber, wholeNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';
import { deadlineIn, GaveUp, poll, type Deadline } from '../retry.js';

interface SetOptions {
  readonly numOfNode: number;
  readonly cpuOfNode?: number;
  readonly memOfNode?: number;
  readonly licence?: Readonly<Record<string, number>>;
  readonly wait: boolean;
  readonly timeout: number;
  readonly marathonUrl?: string;
}

const wholeCount = wholeNumber(0);

const licence = (text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> => {
  const [, name, count] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || count === undefined)
    throw new InvalidArgumentError(`${JSON.stringify(text)}: give name=count, such as streams=10`);
  return { ...before, [name]: wholeCount(count) };
};

/** A restart is waited for; a service that Marathon is not even to run is not. @throws Failure */
const assertSubmitted = async ({ signal, finder }: CommandContext, marathonUrl: string): Promise<void> => {
  if (await finder.knowsAllocation()) return;
  const wanted = await new MarathonClient(marathonUrl, signal).instancesWanted('allocation-service');
  if (wanted > 0) return;
  throw new Failure(`no allocation-service runs, and Marathon at ${marathonUrl} is to run none: \`make startScheduler\` submits it`);
};

const putConfig = (context: CommandContext, config: ScalingConfig, deadline: Deadline, marathonUrl?: string): Promise<unknown> => {
  const { allocation, output, signal } = context;
  const put = async () => {
    if (marathonUrl !== undefined) await assertSubmitted(context, marathonUrl);
    return { result: await (await allocation()).ask('PUT', '/api/v1/config', { body: config, signal }) };
  };
  return poll(put, { deadline, signal, progress: output.progress });
};

/** Best effort: empty when nobody can tell. */
const whyNotLive = async ({ allocation, signal }: CommandContext): Promise<string> => {
  try {
    const query = { owner: 'scaling' };
    return describeNodes(await allPages<NodeView>(await allocation(), '/api/v1/resources', 'resources', query, { signal }));
  } catch {
    return '';
  }
};

const untilLive = async (context: CommandContext, wanted: number, deadline: Deadline): Promise<RuntimeCounts> => {
  const { allocation, output, signal } = context;
  return await poll<RuntimeCounts>(
    async () => {
      const runtime = await (await allocation()).ask<RuntimeCounts>('GET', '/api/v1/config/runtime', { signal });
      const progress = scalingProgress(wanted, runtime);
      if (progress.kind === 'done') return { result: runtime };
      if (progress.kind === 'superseded') throw new Failure(progress.text);
      return { notYet: progress.text };
    },
    { deadline, signal, progress: output.progress },
  ).catch(async (error: unknown) => {
    const why = error instanceof GaveUp ? await whyNotLive(context) : '';
    throw why === '' ? error : new Failure(`${(error as Error).message}: ${why}`, { cause: error });
  });
};

export const addConfig = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  const config = program.command('config').description('how many nodes are wanted, and how big');

  config
    .command('get')
    .description('the scaling config, and how many nodes live')
    .action(
      perform(async ({ allocation, output, signal }) => {
        const api = await allocation();
        const current = await api.ask<ScalingConfig | null>('GET', '/api/v1/config', { signal });
        const runtime = await api.ask<RuntimeCounts>('GET', '/api/v1/config/runtime', { signal });
        output.result({ config: current, runtime }, () => `${JSON.stringify(current)}\n${describeRuntime(runtime)}`);
      }),
    );

  config
    .command('set')
    .description('scale; a leader that is just restarting is waited for')
    .requiredOption('--num-of-node <n>', 'how many nodes', wholeNumber(0, 'NUM_OF_NODE'))
    .option('--cpu-of-node <cpus>', 'cpus of each', decimalNumber(0, 'CPU_OF_NODE'))
    .option('--mem-of-node <mb>', 'memory of each, MB', decimalNumber(0, 'MEM_OF_NODE'))
    .option('--licence <name=count>', 'how many there are of a counted licence; repeatable', licence)
    .option('--wait', 'until as many nodes live as are wanted, all of the size that is wanted', false)
    .option('--timeout <secs>', 'how long to try, and to wait', decimalNumber(0, 'TIMEOUT'), 120)
    .addOption(marathonUrlOption(env))
    .action(
      perform<SetOptions>(async (context, { numOfNode, cpuOfNode, memOfNode, licence: licences, wait, timeout, marathonUrl }) => {
        const deadline = deadlineIn(timeout);
        const wanted = scalingConfig({ nodes: numOfNode, cpus: cpuOfNode, mem: memOfNode, licences });
        await putConfig(context, wanted, deadline, marathonUrl);
        if (!wait) {
          context.output.result(wanted, () => `asked for ${numOfNode} node${numOfNode === 1 ? '' : 's'}`);
          return;
        }
        const runtime = await untilLive(context, numOfNode, deadline);
        context.output.result(runtime, () => `${runtime.num_of_live_node} of ${runtime.num_of_node} nodes live`);
      }),
    );
};
