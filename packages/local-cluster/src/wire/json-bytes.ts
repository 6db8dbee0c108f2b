// Messages as Mesos's JSON, byte for byte (src/common/http.cpp, json(ObjectWriter*, asV1Protobuf); stout's jsonify; RapidJSON):
// fields in the order of the .proto, defaults spelled out, empty lists left out, doubles with a point.
import protobuf from 'protobufjs';
import { JsonWriter } from './json-writer.js';
import { isListedEvenIfEmpty, printedDefault } from './message-types.js';

type Message = Readonly<Record<string, unknown>>;
type Write = (out: JsonWriter, value: never) => void;

const doubleText = (value: number): string => {
  const text = String(value);
  return /[.e]/.test(text) ? text.replace('e+', 'e') : `${text}.0`;
};

const writeString: Write = (out, text: string) => out.string(text);
const writePlain: Write = (out, value: number | boolean) => out.raw(String(value));
const writeDouble: Write = (out, value: number) => out.raw(Number.isSafeInteger(value) ? `${value}.0` : doubleText(value));

const writeValue = (field: protobuf.Field): Write => {
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) {
    // Looked up late: messages can hold themselves.
    let write: Write | undefined;
    return (out, message) => (write ??= writeMessage(type))(out, message);
  }
  if (type instanceof protobuf.Enum) return writeString;
  if (field.type === 'double' || field.type === 'float') return writeDouble;
  return field.type === 'string' || field.type === 'bytes' ? writeString : writePlain;
};

const writeField = (owner: protobuf.Type, field: protobuf.Field): Write => {
  const key = `,"${field.name}":`;
  const write = writeValue(field);
  if (field.map)
    return (out, entries: Message) => {
      if (Object.keys(entries).length === 0) return;
      out.raw(key);
      const start = out.length;
      for (const [name, value] of Object.entries(entries)) {
        out.raw(',');
        out.string(name);
        out.raw(':');
        write(out, value as never);
      }
      out.closeMessage(start);
    };
  if (!field.repeated)
    return (out, value) => {
      out.raw(key);
      write(out, value);
    };
  const listsNothing = isListedEvenIfEmpty(owner);
  return (out, items: readonly never[]) => {
    if (items.length === 0 && !listsNothing) return;
    out.raw(key);
    out.raw('[');
    for (let index = 0; index < items.length; index++) {
      if (index > 0) out.raw(',');
      write(out, items[index] as never);
    }
    out.raw(']');
  };
};

const absentText = (field: protobuf.Field): string | undefined => {
  const standard = field.repeated || field.map ? undefined : printedDefault(field);
  if (standard === undefined) return undefined;
  const isDouble = field.type === 'double' || field.type === 'float';
  return `,"${field.name}":${isDouble ? doubleText(standard as number) : JSON.stringify(standard)}`;
};

const writers = new WeakMap<protobuf.Type, Write>();

const writeMessage = (type: protobuf.Type): Write => {
  const known = writers.get(type);
  if (known !== undefined) return known;
  const fields = type.fieldsArray.map((field) => ({ name: field.name, write: writeField(type, field), absent: absentText(field) }));
  const write: Write = (out, message: Message) => {
    const start = out.length;
    for (const field of fields) {
      const value = message[field.name];
      if (value !== undefined) field.write(out, value as never);
      else if (field.absent !== undefined) out.raw(field.absent);
    }
    out.closeMessage(start);
  };
  writers.set(type, write);
  return write;
};

/** One buffer for all: nothing is written while another message is. */
const shared = new JsonWriter();

/** A message in Mesos's JSON form; what its type does not know is left out. */
export const jsonBytes = (type: protobuf.Type, message: object): Buffer => {
  shared.clear();
  writeMessage(type)(shared, message as never);
  return shared.copy();
};
