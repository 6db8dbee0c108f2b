import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './command-context.js';

export type Action<Options, Arguments extends readonly unknown[]> = (
  context: CommandContext,
  options: Options,
  ...args: Arguments
) => Promise<void>;

/** Turns what a command does into what commander calls. */
export type Perform = <Options = object, Arguments extends readonly unknown[] = []>(
  action: Action<Options, Arguments>,
) => (...parameters: unknown[]) => Promise<void>;

/** `open` makes the context of one command; its signal is aborted when the command is over, which closes its connections. */
export const performWith =
  (open: (options: GlobalOptions, signal: AbortSignal) => CommandContext): Perform =>
  (action) =>
  async (...parameters) => {
    const command = parameters.at(-1) as Command;
    const over = new AbortController();
    const interrupt = (): void => over.abort(new Error('interrupted'));
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      const context = open(command.optsWithGlobals<GlobalOptions>(), over.signal);
      await action(context, command.opts() as never, ...(command.processedArgs as never[] as never));
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      over.abort();
    }
  };
