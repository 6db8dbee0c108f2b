import { AsyncQueue } from './async-queue.js';
import type { ConnectionNumber } from './domain/subscription-state.js';
import type { SchedulerNotice } from './scheduler-notice.js';

export interface NoticeQueueOptions {
  /** What may wait; more than that makes it full, until half of it is taken. */
  readonly maxNotices: number;
  readonly maxBytes: number;
  /** At each notice that is more than may wait. */
  readonly onFull: () => void;
  /** Once after that, when there is room again. */
  readonly onRoom: () => void;
}

export interface WaitingNotice {
  readonly connection: ConnectionNumber;
  readonly notice: SchedulerNotice;
  readonly bytes: number;
}

/** What the user is still to be told, in order. It takes all that is pushed; whoever pushes must heed `onFull`. */
export class NoticeQueue implements AsyncIterable<WaitingNotice> {
  readonly #waiting = new AsyncQueue<WaitingNotice>({ onTake: (taken) => this.#taken(taken) });
  #bytes = 0;
  #isFull = false;
  #toldOf: ConnectionNumber | undefined;

  constructor(private readonly options: NoticeQueueOptions) {}

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** The subscription that the user was told of, and not yet that it ended. */
  get toldOf(): ConnectionNumber | undefined {
    return this.#toldOf;
  }

  /** @param bytes that the notice had on the wire */
  push(connection: ConnectionNumber, notice: SchedulerNotice, bytes = 0): void {
    this.#bytes += bytes;
    this.#waiting.push({ connection, notice, bytes });
    const { maxNotices, maxBytes, onFull } = this.options;
    if (this.length <= maxNotices && this.#bytes <= maxBytes) return;
    this.#isFull = true;
    onFull();
  }

  /** No notices after those that wait. */
  end(): void {
    this.#waiting.end();
  }

  /** Throws away what waits. */
  clear(): void {
    this.#waiting.clear();
    this.#bytes = 0;
  }

  [Symbol.asyncIterator](): AsyncIterator<WaitingNotice> {
    return this.#waiting;
  }

  #taken({ connection, notice, bytes }: WaitingNotice): void {
    if (notice.kind === 'subscribed') this.#toldOf = connection;
    if (notice.kind === 'disconnected') this.#toldOf = undefined;
    this.#bytes -= bytes;
    const { maxNotices, maxBytes, onRoom } = this.options;
    if (!this.#isFull || this.length > maxNotices / 2 || this.#bytes > maxBytes / 2) return;
    this.#isFull = false;
    onRoom();
  }
}
