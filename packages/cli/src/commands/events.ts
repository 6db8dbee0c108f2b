import type { Command } from 'commander';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../command-context.js';
import { describeEvent } from '../domain/change-text.js';
import { Unavailable } from '../failure.js';
import { readEvents } from '../http/event-source.js';
import type { Perform } from '../perform.js';

interface EventsOptions {
  readonly lastEventId?: string;
}

const AGAIN_MS = 1_000;

/** Tells events until the stream ends; returns the id of the last one. @throws Unavailable, Failure */
const follow = async ({ allocation, output, signal }: CommandContext, last: string | undefined): Promise<string | undefined> => {
  const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
  const body = await (await allocation()).stream('/api/v1/events', headers, signal);
  output.progress(last === undefined ? 'following the changes' : `following the changes after ${last}`);
  let seen = last;
  try {
    for await (const { id, event, data } of readEvents(body)) {
      seen = id ?? seen;
      const change = JSON.parse(data) as Record<string, unknown>;
      output.event({ id, event, data: change }, () => describeEvent(event, change));
    }
  } catch (error) {
    if (!signal.aborted) output.progress(`the stream broke off: ${(error as Error).message}`);
  }
  return seen;
};

export const addEvents = (program: Command, perform: Perform): void => {
  program
    .command('events')
    .description('follow every change of requests, resources, tasks and the config until it is interrupted, over changes of the leader too')
    .option(
      '--last-event-id <id>',
      'what was told last, to go on after it; without, or when that is too long ago, all there is comes first',
    )
    .action(
      perform<EventsOptions>(async (context, { lastEventId }) => {
        const { output, signal } = context;
        const over = once(signal, 'abort').then(() => undefined);
        for (let last = lastEventId; !signal.aborted;) {
          try {
            last = await follow(context, last);
          } catch (error) {
            if (signal.aborted) break;
            if (!(error instanceof Unavailable)) throw error;
            output.progress(error.message);
          }
          await Promise.race([sleep(AGAIN_MS), over]);
        }
      }),
    );
};
