import protobuf from 'protobufjs';
import type { Envelope } from './generated/protocol.js';
import { protocol } from './generated/protocol.js';
import { decodeEnvelope as readEnvelope, encodeEnvelope as writeEnvelope } from './generated/wire-format.js';

const envelopeType = protobuf.Root.fromJSON({ nested: protocol } as protobuf.INamespace)
  .resolveAll()
  .lookupType('streams_on_mesos.v1.Envelope');

/** What a message carries: exactly one of the contract's bodies. */
export type Body = Omit<Envelope, 'id' | 'sent_at_ms' | 'trace_id' | 'deadline_ms'>;
export type BodyKind = keyof Body;

/** The bytes are no message of this contract; `message` says which field is at fault. */
export class MessageDecodeError extends Error {
  override readonly name = 'MessageDecodeError';
}

const bodyKinds = envelopeType.oneofs['body']?.oneof as BodyKind[];

/** The name of the body that is set, or undefined when a newer sender used one that this contract does not know. */
export const bodyKind = (envelope: Body): BodyKind | undefined => bodyKinds.find((kind) => envelope[kind] !== undefined);

export const typeOfBody = (kind: BodyKind): protobuf.Type => {
  const type = envelopeType.fields[kind]?.resolve().resolvedType;
  if (!(type instanceof protobuf.Type)) throw new Error(`${kind} is no body of the contract`);
  return type;
};

/** @throws WireError naming what is missing of what the contract requires, or a value of an enum that it does not know */
export const encodeEnvelope = (envelope: Envelope): Buffer => {
  const bytes = writeEnvelope(envelope);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** What a newer sender has added is kept unread. @throws MessageDecodeError */
export const decodeEnvelope = (bytes: Uint8Array): Envelope => {
  try {
    return readEnvelope(bytes);
  } catch (cause) {
    throw new MessageDecodeError(`not a message of streams_on_mesos.v1: ${(cause as Error).message}`, { cause });
  }
};
