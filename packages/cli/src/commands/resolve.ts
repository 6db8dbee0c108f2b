import { detectMaster, MasterAddressError, parseMasterAddress } from '@streams-on-mesos/mesos';
import type { Command } from 'commander';
import { Failure, UsageError } from '../failure.js';
import { decimalNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';

const parse = (address: string) => {
  try {
    return parseMasterAddress(address);
  } catch (error) {
    if (error instanceof MasterAddressError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};

export const addResolve = (program: Command, perform: Perform): void => {
  program
    .command('resolve')
    .description('print the URL of the Mesos master that leads')
    .argument('[master]', 'zk://host:port[,host:port]/path, host:port or http(s)://host:port; default: MESOS_MASTER')
    .option('--timeout <secs>', 'how long to wait for a leader', decimalNumber(0.1), 10)
    .action(
      perform<{ timeout: number }, [string | undefined]>(async ({ env, output, signal }, { timeout }, given) => {
        const master = given ?? env['MESOS_MASTER'];
        if (master === undefined) throw new UsageError('give the address of the masters, or set MESOS_MASTER');
        const address = parse(master);
        const timeUp = AbortSignal.timeout(timeout * 1000);
        for await (const location of detectMaster(address, { signal: AbortSignal.any([signal, timeUp]) })) {
          if (location === undefined) continue;
          output.result(location, () => location.url);
          return;
        }
        throw new Failure(`no master leads at ${master.replace(/\/\/[^@/]*@/, '//')} (waited ${timeout} s)`);
      }),
    );
};
