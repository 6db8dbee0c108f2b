// A request body → Call, or why it is refused, in Mesos's words (master/http.cpp, Master::Http::scheduler).
import type protobuf from 'protobufjs';
import type { Call } from '../generated/protocol.js';
import { jsonSyntaxError } from './json-syntax-error.js';
import { JsonConversionError, messageFromJson } from './message-from-json.js';
import { callType } from './message-types.js';

export type MediaType = 'application/json' | 'application/x-protobuf';

export type DecodedMessage<T> = { readonly call: T } | { readonly error: string };
export type Decoded = DecodedMessage<Call>;

const fromProtobuf = <T extends { type?: unknown }>(type: protobuf.Type, body: Buffer): DecodedMessage<T> => {
  try {
    const call = type.toObject(type.decode(body), { enums: String, longs: Number, bytes: String }) as T;
    // A type that this version doesn't know counts as unset, as in proto2.
    if (typeof call.type === 'number') delete call.type;
    return { call };
  } catch {
    return { error: 'Failed to parse body into Call protobuf' };
  }
};

const fromJson = <T>(type: protobuf.Type, body: Buffer): DecodedMessage<T> => {
  const text = body.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { error: `Failed to parse body into JSON: ${jsonSyntaxError(text)}` };
  }
  try {
    return { call: messageFromJson(type, json) as T };
  } catch (error) {
    if (error instanceof JsonConversionError) return { error: `Failed to convert JSON into Call protobuf: ${error.message}` };
    throw error;
  }
};

export const decodeMessage = <T extends { type?: unknown }>(type: protobuf.Type, body: Buffer, mediaType: MediaType): DecodedMessage<T> =>
  mediaType === 'application/json' ? fromJson(type, body) : fromProtobuf(type, body);

export const decodeCall = (body: Buffer, mediaType: MediaType): Decoded => decodeMessage(callType, body, mediaType);
