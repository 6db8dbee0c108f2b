import protobuf from 'protobufjs';
import { unknownFields, type MayHaveUnknownFields } from './unknown-fields.js';

/** A message that is not of its type. The text starts with the path of the field, `call.kill.task_id` for example. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/**
 * `lenient` for what comes in: a newer Mesos's fields and enum values stay where they are, and are remembered (`unknownFields`).
 * `strict` for what goes out, since Mesos would ignore a mistyped field without a word: REVIVE{role} instead of {roles} revives all
 * roles. What is remembered of an earlier decoding passes.
 */
export type Strictness = 'lenient' | 'strict';

type Plain = Record<string, unknown> & MayHaveUnknownFields;

/** ContainerID nests itself; nobody nests it this deep. */
const MAX_DEPTH = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const INTEGER = /^[+-]?\d{1,20}$/;

const integerRanges: Record<string, readonly [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const wrong = (path: string, value: unknown, expected: string) => new MessageError(`${path}: ${expected} expected, not ${shown(value)}`);

const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Numbers may come as strings: Mesos reads both, and writes infinite ones as strings. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return Number(value);
  return NUMBER.test(value) ? Number(value) : undefined;
};

/** A decimal string where a number would be rounded. */
const integerOf = (value: unknown, [least, most]: readonly [bigint, bigint]): number | string | undefined => {
  const exact = typeof value === 'string' && INTEGER.test(value);
  const number = exact ? Number(value) : numberOf(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  if (Number.isSafeInteger(number)) return number >= Number(least) && number <= Number(most) ? number : undefined;
  const integer = BigInt(exact ? value.replace('+', '') : number);
  return integer >= least && integer <= most ? String(integer) : undefined;
};

const scalarForm = (type: string, value: unknown, path: string): unknown => {
  const range = integerRanges[type];
  if (range) {
    const number = integerOf(value, range);
    if (number === undefined) throw wrong(path, value, `a number of type ${type}`);
    return number;
  }
  switch (type) {
    case 'double':
    case 'float': {
      const number = numberOf(value);
      if (number === undefined) throw wrong(path, value, 'a number');
      return number;
    }
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(path, value, 'true or false');
      return value;
    case 'bytes':
      if (typeof value !== 'string' || !BASE64.test(value)) throw wrong(path, value, 'base64');
      return value;
    default:
      if (typeof value !== 'string') throw wrong(path, value, 'a string');
      return value;
  }
};

const enumForm = (type: protobuf.Enum, value: unknown, path: string, isUnknown: boolean): unknown => {
  if (typeof value === 'string' && Object.hasOwn(type.values, value)) return value;
  if (typeof value === 'number' && Number.isInteger(value)) return type.valuesById[value] ?? value;
  if (isUnknown && typeof value === 'string') return value;
  throw wrong(path, value, `one of ${Object.keys(type.values).join(', ')}`);
};

const isNameOf = (type: protobuf.Enum, value: unknown): boolean => typeof value !== 'string' || Object.hasOwn(type.values, value);

/**
 * The message in Mesos's JSON form: enums by name, numbers as numbers, null as absent; fields in the order in which they came.
 * @param path how errors call the message
 * @throws MessageError
 */
export const messageForm = (type: protobuf.Type, message: unknown, path: string, strictness: Strictness, depth = 0): Plain => {
  if (!isObject(message)) throw wrong(path, message, 'an object');
  if (depth > MAX_DEPTH) throw new MessageError(`${path}: nested deeper than ${MAX_DEPTH} messages`);
  const kept = message[unknownFields];
  const unknown = new Set<string>(kept instanceof Set ? kept : []);
  const mayBeUnknown = (name: string): boolean => {
    if (strictness === 'lenient') unknown.add(name);
    return unknown.has(name);
  };

  const one = (field: protobuf.Field, value: unknown, at: string): unknown => {
    const resolved = field.resolvedType;
    if (resolved instanceof protobuf.Enum) return enumForm(resolved, value, at, !isNameOf(resolved, value) && mayBeUnknown(field.name));
    return resolved instanceof protobuf.Type ? messageForm(resolved, value, at, strictness, depth + 1) : scalarForm(field.type, value, at);
  };

  const formOf = (field: protobuf.Field, value: unknown, at: string): unknown => {
    if (field.repeated) {
      if (!Array.isArray(value)) throw wrong(at, value, 'an array');
      return value.length === 0 ? undefined : value.map((item, index) => one(field, item, `${at}[${index}]`));
    }
    if (!field.map) return one(field, value, at);
    if (!isObject(value)) throw wrong(at, value, 'an object');
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, one(field, item, `${at}.${key}`)]));
  };

  const form: Plain = {};
  for (const [name, value] of Object.entries(message)) {
    if (value === undefined || value === null || name === '__proto__') continue;
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (field === undefined) {
      if (!mayBeUnknown(name)) throw new MessageError(`${path}.${name}: ${type.name} has no such field`);
      form[name] = value;
      continue;
    }
    const formed = formOf(field, value, `${path}.${name}`);
    if (formed !== undefined) form[name] = formed;
  }
  const missing = type.fieldsArray.find((field) => field.required && form[field.name] === undefined);
  if (missing !== undefined) throw new MessageError(`${path}.${missing.name}: required and missing`);
  if (kept instanceof Uint8Array) form[unknownFields] = kept;
  else if (unknown.size > 0) form[unknownFields] = unknown;
  return form;
};
