// A body or a parameter that is JSON of a message or of a list of messages, with Mesos's texts where it isn't
// (3rdparty/stout: json.hpp, JSON::parse; protobuf.hpp, protobuf::parse).
import type protobuf from 'protobufjs';
import { jsonSyntaxError } from './json-syntax-error.js';
import { JsonConversionError, messageFromJson } from './message-from-json.js';

export type DecodedJson<T> = { readonly value: T } | { readonly error: string };
type Message = Readonly<Record<string, unknown>>;

/** `JSON.parse` takes nesting that would be the end of a picojson. */
const parse = (text: string): DecodedJson<unknown> => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { error: jsonSyntaxError(text) };
  }
};

const WRONG_KIND = { error: 'Unexpected JSON type parsed' };

const converted = <T>(convert: () => T): DecodedJson<T> => {
  try {
    return { value: convert() };
  } catch (error) {
    if (error instanceof JsonConversionError) return { error: error.message };
    throw error;
  }
};

export const decodeObject = (type: protobuf.Type, body: Buffer): DecodedJson<Message> => {
  const parsed = parse(body.toString('utf8'));
  if ('error' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return WRONG_KIND;
  return converted(() => messageFromJson(type, value));
};

export const decodeList = (type: protobuf.Type, body: Buffer | string): DecodedJson<Message[]> => {
  const parsed = parse(body.toString('utf8'));
  if ('error' in parsed) return parsed;
  const { value } = parsed;
  if (!Array.isArray(value)) return WRONG_KIND;
  return converted(() => value.map((one: unknown) => messageFromJson(type, one)));
};
