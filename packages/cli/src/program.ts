import { commonSettings } from '@streams-on-mesos/service';
import { Command } from 'commander';
import { commandContext } from './command-context.js';
import { addAgents } from './commands/agents.js';
import { addConfig } from './commands/config.js';
import { addEvents } from './commands/events.js';
import { addExecute } from './commands/execute.js';
import { addExplain } from './commands/explain.js';
import { addGetResourceState } from './commands/get-resource-state.js';
import { addListRequests } from './commands/list-requests.js';
import { addMarathon } from './commands/marathon.js';
import { addReconcile } from './commands/reconcile.js';
import { addRequests } from './commands/requests.js';
import { addResolve } from './commands/resolve.js';
import { addResources } from './commands/resources.js';
import { addReturnAgent } from './commands/return-agent.js';
import { addStatus } from './commands/status.js';
import { addTail } from './commands/tail.js';
import { addTeardown } from './commands/teardown.js';
import { confirmOn, type Terminal } from './confirm.js';
import { outputTo } from './output.js';
import { performWith } from './perform.js';
import { settingOption } from './setting-option.js';

export interface ProgramOptions {
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where questions are answered; nobody is asked where it is no terminal. */
  readonly stdin?: Terminal;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

const EXIT_CODES = `
Exit codes: 0 it was done, 1 it was not (the reason is on stderr), 2 the command line or a setting can't be understood.
Results go to stdout, everything else to stderr.`;

/** The command line. It throws instead of exiting: CommanderError, UsageError, Failure or Unavailable. */
export const createProgram = ({ version, env, stdin, stdout, stderr }: ProgramOptions): Command => {
  const program = new Command('streams-on-mesos')
    .description('Looks after the services that turn requests of Streams into tasks of Mesos.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .showHelpAfterError('(--help says what is accepted)')
    .option('--json', 'results as JSON', false)
    .addOption(settingOption(commonSettings.zookeeper, env))
    .addOption(settingOption(commonSettings.frameworkName, env))
    .option(
      '--allocation-url <url>',
      'allocation-service, instead of finding it in ZooKeeper (ALLOCATION_URL)',
      env['ALLOCATION_URL'] || undefined,
    )
    .option('--bridge-url <url>', 'streams-bridge, instead of finding it in ZooKeeper (BRIDGE_URL)', env['BRIDGE_URL'] || undefined)
    .option('--api-token-file <file>', 'file with the token of the services (API_TOKEN_FILE)', env['API_TOKEN_FILE'] || undefined)
    .addHelpText('after', EXIT_CODES);

  const perform = performWith((options, signal) => {
    const output = outputTo(stdout, stderr, options.json);
    return commandContext(options, { output, env, signal, confirm: confirmOn(stdin, stderr, signal) });
  });
  addStatus(program, perform, env);
  addGetResourceState(program, perform);
  addResources(program, perform);
  addConfig(program, perform, env);
  addRequests(program, perform);
  addMarathon(program, perform, env);
  addTail(program, perform);
  addResolve(program, perform, env);
  addExecute(program, perform, env);
  addReconcile(program, perform);
  addTeardown(program, perform, env);
  addListRequests(program, perform);
  addExplain(program, perform);
  addAgents(program, perform);
  addReturnAgent(program, perform);
  addEvents(program, perform);
  program
    .command('version')
    .description('the version of this program')
    .action(
      perform(async ({ output }) => {
        output.result({ version }, () => `streams-on-mesos ${version}`);
      }),
    );
  return program;
};
