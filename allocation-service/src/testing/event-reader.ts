export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events one by one. */
export class EventReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #abort: AbortController;
  readonly #decoder = new TextDecoder();
  #text = '';

  private constructor(body: ReadableStream<Uint8Array>, abort: AbortController) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#abort = abort;
  }

  /** @throws Error when the answer is no stream */
  static async open(url: string, lastEventId?: string): Promise<EventReader> {
    const abort = new AbortController();
    const headers = lastEventId === undefined ? undefined : { 'last-event-id': lastEventId };
    const response = await fetch(`${url}/api/v1/events`, { signal: abort.signal, ...(headers && { headers }) });
    if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`);
    return new EventReader(response.body, abort);
  }

  /** The next event; comments are left out. @throws Error when the stream ended */
  async next(): Promise<ReadEvent> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const fields = this.#text.slice(0, end).split('\n');
        this.#text = this.#text.slice(end + 2);
        const field = (name: string): string => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        if (field('data') !== '') return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as ReadEvent['data'] };
        continue;
      }
      const { value, done } = await this.#chunks.next();
      if (done === true) throw new Error('the stream ended');
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  close(): void {
    this.#abort.abort();
  }
}
