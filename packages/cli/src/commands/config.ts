import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { scalingConfig, scalingProgress, type RuntimeCounts, type ScalingConfig } from '../domain/scaling.js';
import { Failure } from '../failure.js';
import { decimalNumber, wholeNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';
import { deadlineIn, poll, type Deadline } from '../retry.js';

interface SetOptions {
  readonly numOfNode: number;
  readonly cpuOfNode?: number;
  readonly memOfNode?: number;
  readonly wait: boolean;
  readonly timeout: number;
}

const putConfig = ({ allocation, output, signal }: CommandContext, config: ScalingConfig, deadline: Deadline): Promise<unknown> =>
  poll(async () => ({ result: await (await allocation()).ask('PUT', '/api/v1/config', { body: config, signal }) }), {
    deadline,
    signal,
    progress: output.progress,
  });

const untilLive = ({ allocation, output, signal }: CommandContext, wanted: number, deadline: Deadline): Promise<RuntimeCounts> =>
  poll<RuntimeCounts>(
    async () => {
      const runtime = await (await allocation()).ask<RuntimeCounts>('GET', '/api/v1/config/runtime', { signal });
      const progress = scalingProgress(wanted, runtime);
      if (progress.kind === 'done') return { result: runtime };
      if (progress.kind === 'superseded') throw new Failure(progress.text);
      return { notYet: progress.text };
    },
    { deadline, signal, progress: output.progress },
  );

export const addConfig = (program: Command, perform: Perform): void => {
  const config = program.command('config').description('how many nodes are wanted, and how big');

  config
    .command('get')
    .description('the scaling config, and how many nodes live')
    .action(
      perform(async ({ allocation, output, signal }) => {
        const api = await allocation();
        const current = await api.ask<ScalingConfig | null>('GET', '/api/v1/config', { signal });
        const runtime = await api.ask<RuntimeCounts>('GET', '/api/v1/config/runtime', { signal });
        output.result(
          { config: current, runtime },
          () => `${JSON.stringify(current)}\n${runtime.num_of_live_node} of ${runtime.num_of_node} nodes live`,
        );
      }),
    );

  config
    .command('set')
    .description('scale; a leader that is just restarting is waited for')
    .requiredOption('--num-of-node <n>', 'how many nodes', wholeNumber(0))
    .option('--cpu-of-node <cpus>', 'cpus of each', decimalNumber(0))
    .option('--mem-of-node <mb>', 'memory of each, MB', decimalNumber(0))
    .option('--wait', 'until as many nodes live as are wanted', false)
    .option('--timeout <secs>', 'how long to try, and to wait', decimalNumber(0), 120)
    .action(
      perform<SetOptions>(async (context, { numOfNode, cpuOfNode, memOfNode, wait, timeout }) => {
        const deadline = deadlineIn(timeout);
        const wanted = scalingConfig(numOfNode, cpuOfNode, memOfNode);
        await putConfig(context, wanted, deadline);
        if (!wait) {
          context.output.result(wanted, () => `asked for ${numOfNode} node${numOfNode === 1 ? '' : 's'}`);
          return;
        }
        const runtime = await untilLive(context, numOfNode, deadline);
        context.output.result(runtime, () => `${runtime.num_of_live_node} of ${runtime.num_of_node} nodes live`);
      }),
    );
};
