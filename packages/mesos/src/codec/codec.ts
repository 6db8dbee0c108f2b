import type { Call, Event } from '../generated/protocol.js';

/** Bytes on the wire to and from messages in Mesos's JSON form. What goes out is checked; of what comes in, unknown fields are ignored. */
export interface Codec {
  /** For Content-Type and Accept. Mesos compares it as it stands: no parameters. */
  readonly mediaType: string;
  /** @throws MessageError naming the field that is wrong */
  encodeCall(call: Call): Uint8Array;
  /** @throws MessageError */
  decodeCall(bytes: Uint8Array): Call;
  /** @throws MessageError naming the field that is wrong */
  encodeEvent(event: Event): Uint8Array;
  /** @throws MessageError */
  decodeEvent(bytes: Uint8Array): Event;
  /**
   * Bytes of one event as those of several that say the same, in order, when it is too large to be decoded in one turn of the event
   * loop. Each is made when it is asked for. Bytes that make no sense come out, too: decoding them fails, perhaps after some slices.
   */
  slicesOf(event: Uint8Array): Iterable<Uint8Array>;
}
