import { hasCode, pause } from '@streams-on-mesos/service';
import { checked, type Fence } from './fence.js';

/** An entry could not be written, so what memory holds is no longer what is durable: step down and load again. */
export class JournalRefusedError extends Error {
  override readonly name = 'JournalRefusedError';
}

const RETRY_MS = 100;

/** Creates the nodes of the journal one after the other, each once and at its own number, for as long as the leadership lasts. */
export class EntryWriter {
  readonly #fence: Fence;
  readonly #path: string;
  #last: number;

  /** @param path the parent of the entries @param last the number of the last one that is there */
  constructor(fence: Fence, path: string, last: number) {
    this.#fence = fence;
    this.#path = path;
    this.#last = last;
  }

  /** The number of the last entry that is durable. */
  get last(): number {
    return this.#last;
  }

  /**
   * Creates the next node, the same bytes again for as long as it is unknown whether they arrived. No two calls at a time.
   * @throws JournalRefusedError also when the session ends meanwhile
   */
  async write(bytes: Buffer): Promise<void> {
    const path = `${this.#path}/${String(this.#last + 1).padStart(10, '0')}`;
    for (;;) {
      let failure: unknown;
      try {
        await checked(this.#fence).create(path, bytes).commit();
        break;
      } catch (error) {
        failure = error;
      }
      const unknown = hasCode(failure, 'CONNECTION_LOSS');
      if (!unknown && !hasCode(failure, 'NODE_EXISTS')) throw this.#refused(path, failure);
      const found = await this.#readBack(path);
      if (found?.equals(bytes)) break;
      if (found !== undefined || !unknown) throw this.#refused(path, failure);
    }
    this.#last += 1;
  }

  async #readBack(path: string): Promise<Buffer | undefined> {
    const { session } = this.#fence;
    for (;;) {
      try {
        return (await session.get(path))?.data;
      } catch (error) {
        if (!hasCode(error, 'CONNECTION_LOSS')) throw this.#refused(path, error);
        await pause(RETRY_MS, session.lost);
      }
    }
  }

  #refused(path: string, cause: unknown): JournalRefusedError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new JournalRefusedError(`${path} was refused in term ${this.#fence.term} (${why})`, { cause });
  }
}
