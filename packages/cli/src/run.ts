import { ConfigurationError } from '@streams-on-mesos/service';
import { CommanderError } from 'commander';
import { UsageError } from './failure.js';
import { createProgram, type ProgramOptions } from './program.js';

/** Runs one command line and says with which code to exit; only what is a defect of the program itself is thrown. */
export const run = async (args: readonly string[], options: ProgramOptions): Promise<number> => {
  try {
    const program = createProgram(options);
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    options.stderr.write(`streams-on-mesos: ${(error as Error).message}\n`);
    return error instanceof UsageError || error instanceof ConfigurationError ? 2 : 1;
  }
};
