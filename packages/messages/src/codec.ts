import protobuf from 'protobufjs';
import type { Envelope } from './generated/protocol.js';
import { protocol } from './generated/protocol.js';

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

export const encodeEnvelope = (envelope: Envelope): Buffer => Buffer.from(envelopeType.encode(envelopeType.fromObject(envelope)).finish());

/** @throws MessageDecodeError */
export const decodeEnvelope = (bytes: Uint8Array): Envelope => {
  try {
    return envelopeType.toObject(envelopeType.decode(bytes), { enums: String, longs: Number, bytes: String }) as Envelope;
  } catch (cause) {
    throw new MessageDecodeError(`not a message of streams_on_mesos.v1: ${(cause as Error).message}`, { cause });
  }
};
