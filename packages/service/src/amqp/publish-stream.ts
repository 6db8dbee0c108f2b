import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { roomForPublish, writePublish, type FrameOptions, type Publication } from './publish-frames.js';

/** Messages published in one turn of the event loop are written here one after the other, and leave in few system calls. */
const PIECE_BYTES = 64 * 1024;
/** So many leave at once: the broker works on them while the turn goes on. */
const EAGER_BYTES = 16 * 1024;

/** What amqplib's connection and channel have besides what their types say. */
interface OpenConnection {
  readonly frameMax: number;
  sendBytes(bytes: Buffer): void;
}
interface OpenChannel {
  readonly ch: number;
}

/**
 * Writes messages to a channel of amqplib's connection, past amqplib: its own publishing, of each message by itself, costs more
 * than all else that is done about a small message. Everything else on the channel, confirmations too, is amqplib's.
 */
export class PublishStream {
  readonly #send: (bytes: Buffer) => void;
  readonly #channel: number;
  readonly #frameMax: number;
  #piece = Buffer.alloc(0);
  #from = 0;
  #to = 0;
  #flushing = false;
  #open = true;

  constructor(model: ChannelModel, channel: ConfirmChannel) {
    const connection = model.connection as unknown as OpenConnection;
    this.#channel = (channel as unknown as OpenChannel).ch;
    this.#frameMax = connection.frameMax;
    this.#send = (bytes) => connection.sendBytes(bytes);
    channel.on('close', () => (this.#open = false));
  }

  /**
   * Messages leave in the order of the calls.
   * @param returnedAs given: the broker returns it, with this number as its correlation id, when no queue takes it
   * @throws RangeError when a text of it is too long; it is not sent then
   */
  publish(publication: Publication, returnedAs?: number): void {
    const options: FrameOptions = { channel: this.#channel, frameMax: this.#frameMax, returnedAs };
    this.#makeRoom(roomForPublish(publication, options));
    this.#to = writePublish(this.#piece, this.#to, publication, options);
    if (this.#to - this.#from >= EAGER_BYTES) return this.#flush();
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #makeRoom(bytes: number): void {
    if (this.#piece.length - this.#to >= bytes) return;
    this.#flush();
    this.#piece = Buffer.allocUnsafeSlow(Math.max(bytes, PIECE_BYTES));
    this.#from = this.#to = 0;
  }

  #flush(): void {
    if (this.#open && this.#to > this.#from) this.#send(this.#piece.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
