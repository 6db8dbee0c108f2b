import type protobuf from 'protobufjs';
import type { MasterInfo } from '../generated/protocol.js';
import { decodeCall, decodeEvent, decodeMasterInfo, encodeCall, encodeEvent } from '../generated/wire-format.js';
import type { Codec } from './codec.js';
import { MessageError, messageForm } from './message-form.js';
import { protobufSlices } from './protobuf-slices.js';
import { schema } from './schema.js';

const checked = <T>(type: protobuf.Type, message: T): T => messageForm(type, message, type.name.toLowerCase(), 'strict') as T;

const read = <T>(what: string, decode: () => T): T => {
  try {
    return decode();
  } catch (error) {
    throw new MessageError(`${what}: not protobuf: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** @throws MessageError */
export const decodeMasterInfoBytes = (bytes: Uint8Array): MasterInfo => read('master info', () => decodeMasterInfo(bytes));

/** `application/x-protobuf`. */
export const protobufCodec: Codec = {
  mediaType: 'application/x-protobuf',
  encodeCall: (call) => encodeCall(checked(schema.Call, call)),
  decodeCall: (bytes) => read('call', () => decodeCall(bytes)),
  encodeEvent: (event) => encodeEvent(checked(schema.Event, event)),
  slicesOf: protobufSlices,
  decodeEvent: (bytes) => read('event', () => decodeEvent(bytes)),
};
