import type protobuf from 'protobufjs';
import type { Call, Event } from '../generated/protocol.js';
import type { Codec } from './codec.js';
import { withExactIntegers } from './exact-json.js';
import { jsonSlices } from './json-slices.js';
import { isInForm, MessageError, messageForm } from './message-form.js';
import { schema } from './schema.js';

/** JSON has no infinite numbers; Mesos reads and writes them as strings. */
const withInfinities = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const encode = (type: protobuf.Type, message: unknown): Uint8Array => {
  const name = type.name.toLowerCase();
  const form = messageForm(type, message, name, 'strict');
  try {
    // A replacer, called for each value, takes several times as long as all the rest.
    return Buffer.from(form === message ? JSON.stringify(form) : JSON.stringify(form, withInfinities), 'utf8');
  } catch (error) {
    // JSON.parse reads what is nested deeper than JSON.stringify can write, within a field that is not known.
    throw new MessageError(`${name}: cannot be written as JSON: ${reasonOf(error)}`);
  }
};

const decode = (type: protobuf.Type, bytes: Uint8Array): Record<string, unknown> => {
  const name = type.name.toLowerCase();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new MessageError(`${name}: not JSON: ${reasonOf(error)}`);
  }
  if (isInForm(type, parsed)) return parsed;
  return messageForm(type, withExactIntegers(text, parsed), name, 'lenient');
};

/** `application/json`: field names as in the .proto, bytes as base64 (src/common/http.hpp of Mesos, JSON mapping of stout). */
export const jsonCodec: Codec = {
  mediaType: 'application/json',
  encodeCall: (call) => encode(schema.Call, call),
  decodeCall: (bytes) => decode(schema.Call, bytes) as Call,
  encodeEvent: (event) => encode(schema.Event, event),
  slicesOf: jsonSlices,
  decodeEvent: (bytes) => decode(schema.Event, bytes) as Event,
};
