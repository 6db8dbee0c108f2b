import { Option, type Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../command-context.js';
import { formatTable } from '../domain/table.js';
import { parseTags } from '../domain/tag-option.js';
import { UsageError } from '../failure.js';
import { decimalNumber, wholeNumber } from '../number-argument.js';
import type { Perform } from '../perform.js';
import { deadlineIn, poll } from '../retry.js';

interface DescriptorState {
  readonly state: string;
  readonly descriptor: { readonly displayName: string; readonly nativeResourceId: string; readonly hostName: string | null };
}

interface CallerOptions {
  readonly clientId: string;
  readonly requestId?: string;
  readonly timeout: number;
}

interface AllocateOptions extends CallerOptions {
  readonly count: number;
  readonly type: string;
  readonly tag: readonly string[];
}

/** Sends a request until it is answered; its id makes it the same request however often it is sent. */
const send = <T>({ bridge, output, signal }: CommandContext, operation: string, options: CallerOptions, body: object): Promise<T> => {
  const { clientId, requestId = randomUUID(), timeout } = options;
  const request = { requestId, client: { clientId, clientName: 'streams-on-mesos' }, ...body };
  const deadline = deadlineIn(timeout);
  return poll<T>(
    async () => {
      const api = await bridge();
      const timeoutMs = Math.max(1, deadline.at - Date.now());
      return { result: await api.ask<T>('POST', `/resourcemgr/v1/${operation}`, { body: request, timeoutMs, signal }) };
    },
    { deadline, signal, progress: output.progress },
  );
};

const descriptorsOf = (ids: readonly string[]): object => ({ descriptors: ids.map((nativeResourceId) => ({ nativeResourceId })) });

const withCaller = (command: Command): Command =>
  command
    .option('--client-id <id>', 'on whose behalf', 'streams-on-mesos')
    .option('--request-id <id>', 'the same id is the same request, however often it is sent; default: a new one')
    .option('--timeout <secs>', 'how long to try', decimalNumber(0.1), 120);

export const addRequests = (program: Command, perform: Perform): void => {
  withCaller(program.command('allocate').description('ask for resources as Streams does'))
    .requiredOption('--count <n>', 'how many', wholeNumber(0))
    .addOption(
      new Option('--type <type>', 'how long to wait for them').choices(['SYNCHRONOUS', 'ASYNCHRONOUS', 'FLEXIBLE']).default('SYNCHRONOUS'),
    )
    .option('--tag <name[:cores=n,memory=mb]>', 'a tag, perhaps with its properties; may be repeated', collect, [])
    .action(
      perform<AllocateOptions>(async (context, options) => {
        const { count, type, tag } = options;
        const info = { count, type, tags: tagsOf(tag) };
        const answer = await send<{ states: DescriptorState[] }>(context, 'allocateResources', options, { info });
        context.output.result(answer, () =>
          formatTable(
            ['Display Name', 'Native Name', 'Host Name', 'State'],
            answer.states.map(({ state, descriptor }) => [descriptor.displayName, descriptor.nativeResourceId, descriptor.hostName, state]),
          ),
        );
      }),
    );

  withCaller(
    program.command('release').description('give resources back: a task that has a stop hook is told to end by it, any other is killed'),
  )
    .argument('[ids...]', 'their native names, such as resource_0')
    .option('--all', 'all that the client has', false)
    .action(
      perform<CallerOptions & { all: boolean }, [string[]]>(async (context, options, ids) => {
        if (options.all === ids.length > 0) throw new UsageError('give either the native names of resources or --all');
        const answer = await send(context, 'releaseResources', options, options.all ? { all: true } : descriptorsOf(ids));
        context.output.result(answer, () => `released ${options.all ? `all of ${options.clientId}` : ids.join(', ')}`);
      }),
    );

  withCaller(program.command('cancel').description('stop waiting for resources that are pending'))
    .argument('<ids...>', 'their native names, such as resource_0')
    .action(
      perform<CallerOptions, [string[]]>(async (context, options, ids) => {
        const answer = await send(context, 'cancelPendingResources', options, descriptorsOf(ids));
        context.output.result(answer, () => `cancelled ${ids.join(', ')}`);
      }),
    );
};

const collect = (value: string, values: readonly string[]): readonly string[] => [...values, value];

const tagsOf = (values: readonly string[]) => {
  try {
    return parseTags(values);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
};
