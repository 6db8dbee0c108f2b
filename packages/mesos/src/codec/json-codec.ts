import type protobuf from 'protobufjs';
import type { Call, Event } from '../generated/protocol.js';
import type { Codec } from './codec.js';
import { parseExactly } from './exact-json.js';
import { MessageError, messageForm } from './message-form.js';
import { schema } from './schema.js';

/** JSON has no infinite numbers; Mesos reads and writes them as strings. */
const withInfinities = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

const encode = (type: protobuf.Type, message: unknown): Uint8Array =>
  Buffer.from(JSON.stringify(messageForm(type, message, type.name.toLowerCase(), 'strict'), withInfinities), 'utf8');

const decode = (type: protobuf.Type, bytes: Uint8Array): Record<string, unknown> => {
  let parsed: unknown;
  try {
    parsed = parseExactly(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw new MessageError(`${type.name.toLowerCase()}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return messageForm(type, parsed, type.name.toLowerCase(), 'lenient');
};

/** `application/json`: field names as in the .proto, bytes as base64 (src/common/http.hpp of Mesos, JSON mapping of stout). */
export const jsonCodec: Codec = {
  mediaType: 'application/json',
  encodeCall: (call) => encode(schema.Call, call),
  decodeCall: (bytes) => decode(schema.Call, bytes) as Call,
  encodeEvent: (event) => encode(schema.Event, event),
  // JSON can't be cut without being read
  slicesOf: (event) => [event],
  decodeEvent: (bytes) => decode(schema.Event, bytes) as Event,
};
