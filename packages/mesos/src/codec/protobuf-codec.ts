import type protobuf from 'protobufjs';
import type { Call, Event } from '../generated/protocol.js';
import type { Codec } from './codec.js';
import { MessageError, messageForm } from './message-form.js';
import { schema } from './schema.js';

/** 64-bit integers above 2^53 (times in nanoseconds) are rounded, as JSON.parse does. */
const jsonForm: protobuf.IConversionOptions = { enums: String, longs: Number, bytes: String };

const encode = (type: protobuf.Type, message: unknown): Uint8Array =>
  type.encode(type.fromObject(messageForm(type, message, type.name.toLowerCase(), 'strict'))).finish();

export const decodeProtobuf = (type: protobuf.Type, bytes: Uint8Array): Record<string, unknown> => {
  try {
    return type.toObject(type.decode(bytes), jsonForm);
  } catch (error) {
    throw new MessageError(`${type.name.toLowerCase()}: not protobuf: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** `application/x-protobuf`. */
export const protobufCodec: Codec = {
  mediaType: 'application/x-protobuf',
  encodeCall: (call) => encode(schema.Call, call),
  decodeCall: (bytes) => decodeProtobuf(schema.Call, bytes) as Call,
  encodeEvent: (event) => encode(schema.Event, event),
  decodeEvent: (bytes) => decodeProtobuf(schema.Event, bytes) as unknown as Event,
};
