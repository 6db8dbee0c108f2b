import type { Command } from 'commander';
import { UsageError } from '../failure.js';
import type { Perform } from '../perform.js';

interface ReconcileOptions {
  readonly kill: boolean;
  readonly yes: boolean;
}

export const addReconcile = (program: Command, perform: Perform): void => {
  program
    .command('reconcile')
    .description('decide about tasks that Mesos runs for this framework and no record knows, as after a loss of the state')
    .option('--kill', 'have them killed', false)
    .option('--yes', 'yes, kill them', false)
    .action(
      perform<ReconcileOptions>(async ({ allocation, output, signal }, { kill, yes }) => {
        if (!kill) throw new UsageError('say what shall become of them: --kill');
        if (!yes) throw new UsageError('this ends every task of the framework that no record knows; if that is meant, add --yes');
        const api = await allocation();
        const answer = await api.ask<{ unknown_tasks: string[] }>('POST', '/api/v1/reconcile', { body: { unknown_tasks: 'kill' }, signal });
        output.result(answer, () =>
          answer.unknown_tasks.length === 0
            ? 'no unknown task is known of; any that Mesos names twice will be killed'
            : `to be killed: ${answer.unknown_tasks.join(', ')}`,
        );
      }),
    );
};
