import type { Command } from 'commander';
import { UsageError } from '../failure.js';
import type { Perform } from '../perform.js';

interface ReconcileOptions {
  readonly adopt: boolean;
  readonly kill: boolean;
  readonly yes: boolean;
}

export const addReconcile = (program: Command, perform: Perform): void => {
  program
    .command('reconcile')
    .description('decide about tasks that Mesos runs for this framework and no record knows, as after a loss of the state')
    .option('--adopt', 'have them kept: they become scaled nodes by their name, or resources of the owner "adopted"', false)
    .option('--kill', 'have them killed', false)
    .option('--yes', 'yes, kill them', false)
    .action(
      perform<ReconcileOptions>(async ({ allocation, output, signal }, { adopt, kill, yes }) => {
        if (adopt === kill) throw new UsageError('say what shall become of them: --adopt or --kill');
        if (kill && !yes) throw new UsageError('this ends every task of the framework that no record knows; if that is meant, add --yes');
        const api = await allocation();
        const answer = await api.ask<{ unknown_tasks: string[] }>('POST', '/api/v1/reconcile', {
          body: { unknown_tasks: adopt ? 'adopt' : 'kill' },
          signal,
        });
        const named = answer.unknown_tasks.join(', ');
        output.result(answer, () => {
          if (adopt) return named === '' ? 'no unknown task is known of' : `adopted: ${named}`;
          return named === '' ? 'no unknown task is known of; any that Mesos names twice will be killed' : `to be killed: ${named}`;
        });
      }),
    );
};
