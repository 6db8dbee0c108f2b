import { once } from 'node:events';
import type { Response } from 'express';
import type { ChangeFeed } from './change-feed.js';

// Server-sent events as the WHATWG HTML standard, "Server-sent events", has them: `id`, `event`, `data`, a blank line.

/** A comment, so that proxies and clients see that the connection lives. */
const HEARTBEAT_MS = 15_000;
/** What a client that does not read gets at most into its socket at a time. */
const EVENTS_A_WRITE = 200;
/** Who has taken nothing for so long is gone or will not catch up. */
const STALLED_MS = 60_000;

/** Where a client stands: the last event that it has. Undefined: nothing that this term could go on from. */
export const positionOf = (lastEventId: string | undefined, term: number): number | undefined => {
  const [, eventTerm, number] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId ?? '') ?? [];
  return Number(eventTerm) === term ? Number(number) : undefined;
};

const message = (id: string, event: string, data: string): string => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;

export interface EventStreamOptions {
  readonly feed: ChangeFeed;
  readonly response: Response;
  /** From the header Last-Event-ID. */
  readonly lastEventId: string | undefined;
  /** The state as JSON, and the number of the last change that is in it. */
  readonly snapshot: () => Promise<{ readonly number: number; readonly data: string }>;
  readonly heartbeatMs?: number;
  readonly stalledMs?: number;
}

/** Waits until what was written has left; false: it did not in time. */
const drained = async (response: Response, signal: AbortSignal, stalledMs: number): Promise<boolean> => {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(stalledMs)]) });
    return true;
  } catch {
    return false;
  }
};

/**
 * Sends every change from where the client stands until it goes, stalls, or the term ends. A client that can't be told all
 * that it missed gets the whole state first. Holds no more for a client than what its socket takes.
 */
export const streamEvents = async (options: EventStreamOptions): Promise<void> => {
  const { feed, response, heartbeatMs = HEARTBEAT_MS, stalledMs = STALLED_MS } = options;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // Its connection is of no further use to anybody, and would keep a server open that closes.
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' };
  response.writeHead(200, headers);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, heartbeatMs);
  const write = async (text: string): Promise<boolean> => response.write(text) || (await drained(response, gone.signal, stalledMs));
  const idOf = (number: number): string => `${feed.term}-${number}`;
  let position = positionOf(options.lastEventId, feed.term);
  try {
    if (!(await write(': the changes of allocation-service\nretry: 1000\n\n'))) return;
    while (!gone.signal.aborted) {
      const events = position === undefined ? undefined : feed.after(position, EVENTS_A_WRITE);
      if (events === undefined) {
        const { number, data } = await options.snapshot();
        position = number;
        if (!(await write(message(idOf(number), 'snapshot', data)))) return;
        continue;
      }
      const last = events.at(-1);
      if (last !== undefined) {
        position = last.number;
        if (!(await write(events.map(({ number, kind, data }) => message(idOf(number), kind, data)).join('')))) return;
      } else if (feed.isOver) return;
      else await feed.more(gone.signal);
    }
  } finally {
    clearInterval(heartbeat);
    // Not end(): a client that does not read would keep it open.
    if (response.writableNeedDrain) response.destroy();
    else response.end();
  }
};
