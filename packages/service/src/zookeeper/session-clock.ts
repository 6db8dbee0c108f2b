/** A session is given up this much before the server may end it, so that a leader is gone before the next one starts. */
const marginMs = (timeoutMs: number): number => Math.min(500, timeoutMs / 20);

/**
 * When a session must be taken as lost. The server ends it `timeoutMs` after it last heard from the client; it has heard
 * every request that it answered, so the time such a request was sent is what counts, never the time of the answer.
 */
export class SessionClock {
  #heardAt: number;
  #connectedAt: number;

  /** Times are of a monotonic clock, in milliseconds. */
  constructor(
    readonly timeoutMs: number,
    connectedAt: number,
  ) {
    this.#heardAt = connectedAt;
    this.#connectedAt = connectedAt;
  }

  /** Connected again: it is not known when the server heard of that, so the session lives no longer for it before an answer. */
  reconnected(at: number): void {
    this.#connectedAt = at;
  }

  /** The server has answered a request that was sent at this time. */
  answered(sentAt: number): void {
    this.#heardAt = Math.max(this.#heardAt, sentAt);
  }

  get overAt(): number {
    return this.#heardAt + this.timeoutMs - marginMs(this.timeoutMs);
  }

  isOver(now: number): boolean {
    return now >= this.overAt;
  }

  /** The server has said nothing for so long that another one should be tried while the session lives. */
  isSilent(now: number): boolean {
    return now - Math.max(this.#heardAt, this.#connectedAt) >= (this.timeoutMs * 2) / 3;
  }
}
