import { Command, InvalidArgumentError, Option } from 'commander';
import { MasterAddressError, parseMasterAddress } from '@streams-on-mesos/mesos';
import { localMarathonVersion, type LocalMarathonOptions } from './start-local-marathon.js';

function master(text: string): string {
  try {
    parseMasterAddress(text);
    return text;
  } catch (error) {
    if (error instanceof MasterAddressError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError('It must be a port number, 0 to 65535.');
  return number;
}

export interface CommandLineOptions extends LocalMarathonOptions {
  readonly logLevel: string;
}

/** The options on the command line. Ends the process with 2 (help: 0) when there are none to be had. */
export function parseCommandLine(argv: readonly string[]): CommandLineOptions {
  const command = new Command('local-marathon')
    .description('A Marathon for a laptop and for tests: runs apps as Mesos tasks, /v2/apps over HTTP. Never production.')
    .requiredOption('--master <address>', 'zk://host:port,…/path, host:port[,host:port…] or http(s)://host:port', master)
    .option('--port <port>', 'port of the HTTP API; 0: any free one', port, 8080)
    .option('--host <address>', 'address to listen on; whoever reaches it runs commands on the agents', '127.0.0.1')
    .option('--state-file <file>', 'keeps framework id, apps and tasks, so that a restart finds them again')
    .addOption(new Option('--encoding <encoding>', 'what is spoken with Mesos').choices(['protobuf', 'json']).default('protobuf'))
    .option('--framework-name <name>', "the framework's name in Mesos", 'marathon')
    .option('--user <user>', 'runs the tasks of apps that name none (default: who runs this)')
    .addOption(
      new Option('--log-level <level>', 'what is logged')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .env('LOG_LEVEL'),
    )
    .version(localMarathonVersion)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' });
  return command.opts<CommandLineOptions>();
}
