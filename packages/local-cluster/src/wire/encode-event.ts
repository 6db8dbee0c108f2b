// Event → one RecordIO record (docs/recordio.md: the length in bytes, a line feed, the bytes).
import protobuf from 'protobufjs';
import type { Event } from '../generated/protocol.js';
import type { MediaType } from './decode-call.js';
import { jsonBytes } from './json-bytes.js';
import { eventType, isListedEvenIfEmpty, printedDefault } from './message-types.js';

const holdsDefaults = new Map<protobuf.Type, boolean>();

/** Whether Mesos may print a default somewhere in such a message. */
const mayHoldDefaults = (type: protobuf.Type): boolean => {
  const known = holdsDefaults.get(type);
  if (known !== undefined) return known;
  holdsDefaults.set(type, false);
  const holds = type.fieldsArray.some(
    (field) => printedDefault(field) !== undefined || (field.resolvedType instanceof protobuf.Type && mayHoldDefaults(field.resolvedType)),
  );
  holdsDefaults.set(type, holds);
  return holds;
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Mesos's JSON spells out defaults of unset fields and leaves out empty lists; protobuf leaves them out. */
export const withDefaults = (type: protobuf.Type, value: object): object => {
  const message: Record<string, unknown> = { ...value };
  for (const field of type.fieldsArray) {
    const present = message[field.name];
    if (isEmptyList(present) && !isListedEvenIfEmpty(type)) delete message[field.name];
    if (present === undefined) {
      const standard = field.repeated || field.map ? undefined : printedDefault(field);
      if (standard !== undefined) message[field.name] = standard;
      continue;
    }
    const inner = field.resolvedType;
    if (!(inner instanceof protobuf.Type) || field.map || !mayHoldDefaults(inner)) continue;
    message[field.name] = Array.isArray(present)
      ? present.map((one: object) => withDefaults(inner, one))
      : withDefaults(inner, present as object);
  }
  return message;
};

export const encodeMessage = (type: protobuf.Type, message: object, mediaType: MediaType): Buffer =>
  mediaType === 'application/json' ? jsonBytes(type, message) : Buffer.from(type.encode(type.fromObject(message)).finish());

export const encodeEvent = (event: Event, mediaType: MediaType): Buffer => encodeMessage(eventType, event, mediaType);

export const encodeRecord = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
