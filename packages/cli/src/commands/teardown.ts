import type { Command } from 'commander';
import { Failure, UsageError } from '../failure.js';
import { leadingMaster } from '../master/leading-master.js';
import { addMasterOptions, masterAccess, type MasterOptions } from '../master/master-options.js';
import { postForm, type FormAnswer } from '../master/post-form.js';
import { decimalNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';

interface TeardownOptions extends MasterOptions {
  readonly yes: boolean;
  readonly timeout: number;
}

/** What the master's refusals mean and what to do (docs/endpoints/master/teardown.md of Mesos). */
const refusal = (id: string, { status, text }: FormAnswer): string => {
  const said = text === '' ? '' : ` (${text})`;
  switch (status) {
    case 400:
      return `framework ${id} is unknown to the master, or not there any more${said}`;
    case 401:
      return `the master wants to know who asks: give --principal and --secret-file (MESOS_PRINCIPAL, MESOS_SECRET_FILE)${said}`;
    case 403:
      return `the master does not let this principal tear down framework ${id}: it needs the ACL teardown_frameworks${said}`;
    default:
      return `the master answered ${status}${said}`;
  }
};

export const addTeardown = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  const command = program
    .command('teardown')
    .description(
      'remove a framework from Mesos: all its tasks are killed at once, their stop hooks do not run, and its id is void for ever; without an id, this framework',
    )
    .argument('[framework-id]', 'as GET /master/frameworks shows it; default: the one that offer-service keeps in ZooKeeper')
    .option('--yes', 'yes, kill all its tasks', false)
    .option('--timeout <secs>', 'how long to wait for a master that leads', decimalNumber(0.1), 10);
  addMasterOptions(command, env).action(
    perform<TeardownOptions, [string | undefined]>(async (context, options, given) => {
      const { output, signal, finder, confirm } = context;
      const access = masterAccess(options);
      const id = given ?? (await finder.frameworkId());
      if (id === undefined) {
        const { frameworkName, zookeeper } = context.options;
        throw new Failure(`framework ${frameworkName} has no id in ZooKeeper at ${zookeeper}: it never subscribed, or give the id`);
      }
      const meant = options.yes || (await confirm(`This kills every task of framework ${id}. Tear it down?`));
      if (meant === undefined) throw new UsageError(`this kills every task of framework ${id}; if that is meant, add --yes`);
      if (!meant) throw new Failure('nothing was done');
      const { url: master } = await leadingMaster(access, options.timeout, signal);
      const answer = await postForm(master, '/master/teardown', { frameworkId: id }, access, signal);
      if (answer.status !== 200) throw new Failure(refusal(id, answer));
      output.result({ framework_id: id, master }, () => `framework ${id} is torn down`);
    }),
  );
};
