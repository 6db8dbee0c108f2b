// A request body → Call, or why it is refused, in Mesos's words (master/http.cpp, Master::Http::scheduler).
import type { Call } from '../generated/protocol.js';
import { jsonSyntaxError } from './json-syntax-error.js';
import { JsonConversionError, messageFromJson } from './message-from-json.js';
import { callType } from './message-types.js';

export type MediaType = 'application/json' | 'application/x-protobuf';

export type Decoded = { readonly call: Call } | { readonly error: string };

const fromProtobuf = (body: Buffer): Decoded => {
  try {
    const call = callType.toObject(callType.decode(body), { enums: String, longs: Number, bytes: String }) as Call;
    // A type that this version doesn't know counts as unset, as in proto2.
    if (typeof call.type === 'number') delete call.type;
    return { call };
  } catch {
    return { error: 'Failed to parse body into Call protobuf' };
  }
};

const fromJson = (body: Buffer): Decoded => {
  const text = body.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { error: `Failed to parse body into JSON: ${jsonSyntaxError(text)}` };
  }
  try {
    return { call: messageFromJson(callType, json) as Call };
  } catch (error) {
    if (error instanceof JsonConversionError) return { error: `Failed to convert JSON into Call protobuf: ${error.message}` };
    throw error;
  }
};

export const decodeCall = (body: Buffer, mediaType: MediaType): Decoded =>
  mediaType === 'application/json' ? fromJson(body) : fromProtobuf(body);
