import type { Reply } from '@streams-on-mesos/messages';

/** Brings the domain's replies to what came over HTTP back to their routes. */
export class HttpReplies {
  readonly #waiting = new Map<string, Reply | undefined>();

  /** Runs `submit`, which ends after its reply was given. Undefined: there was none. */
  async during(messageId: string, submit: () => Promise<void>): Promise<Reply | undefined> {
    const replyTo = `http:${messageId}`;
    this.#waiting.set(replyTo, undefined);
    try {
      await submit();
      return this.#waiting.get(replyTo);
    } finally {
      this.#waiting.delete(replyTo);
    }
  }

  answer(replyTo: string, reply: Reply): void {
    if (this.#waiting.has(replyTo)) this.#waiting.set(replyTo, reply);
  }
}
