import type { Command } from 'commander';
import { UsageError } from '../failure.js';
import { leadingMaster } from '../master/leading-master.js';
import { addTlsOptions, masterAccess, type MasterOptions } from '../master/master-options.js';
import { decimalNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';

interface ResolveOptions extends Omit<MasterOptions, 'master'> {
  readonly timeout: number;
}

export const addResolve = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  const command = program
    .command('resolve')
    .description('print the URL of the Mesos master that leads')
    .argument('[master]', 'zk://host:port[,host:port]/path, host:port or http(s)://host:port; default: MESOS_MASTER')
    .option('--timeout <secs>', 'how long to wait for a leader', decimalNumber(0.1), 10);
  addTlsOptions(command, env).action(
    perform<ResolveOptions, [string | undefined]>(async ({ output, signal }, options, given) => {
      const master = given ?? env['MESOS_MASTER'];
      if (master === undefined) throw new UsageError('give the address of the masters, or set MESOS_MASTER');
      const location = await leadingMaster(masterAccess({ ...options, master }), options.timeout, signal);
      output.result(location, () => location.url);
    }),
  );
};
