import protobuf from 'protobufjs';

/** A message that is not of its type. The text starts with the path of the field, `call.kill.task_id` for example. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/**
 * `lenient` for what comes in, as Mesos's own parser does: unknown fields are left out, so are unknown values of optional enums.
 * `strict` for what goes out, since Mesos would ignore a mistyped field without a word: REVIVE{role} instead of {roles} revives all roles.
 */
export type Strictness = 'lenient' | 'strict';

type Plain = Record<string, unknown>;

/** ContainerID nests itself; nobody nests it this deep. */
const MAX_DEPTH = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const integerRanges: Record<string, readonly [number, number]> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2 ** 63), 2 ** 63],
  uint64: [0, 2 ** 64],
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

const scalarForm = (type: string, value: unknown, path: string): unknown => {
  const range = integerRanges[type];
  if (range) {
    const number = numberOf(value);
    if (number === undefined || !Number.isInteger(number) || number < range[0] || number > range[1])
      throw wrong(path, value, `a number of type ${type}`);
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

const enumForm = (type: protobuf.Enum, value: unknown, path: string, required: boolean, strictness: Strictness): string | undefined => {
  if (typeof value === 'string' && Object.hasOwn(type.values, value)) return value;
  const name = typeof value === 'number' ? type.valuesById[value] : undefined;
  if (name !== undefined) return name;
  if (strictness === 'lenient' && !required && (typeof value === 'string' || typeof value === 'number')) return undefined;
  throw wrong(path, value, `one of ${Object.keys(type.values).join(', ')}`);
};

/**
 * The message in Mesos's JSON form: only fields of its type, enums by name, numbers as numbers, null as absent.
 * @param path how errors call the message
 * @throws MessageError
 */
export const messageForm = (type: protobuf.Type, message: unknown, path: string, strictness: Strictness, depth = 0): Plain => {
  if (!isObject(message)) throw wrong(path, message, 'an object');
  if (depth > MAX_DEPTH) throw new MessageError(`${path}: nested deeper than ${MAX_DEPTH} messages`);
  if (strictness === 'strict') {
    const stranger = Object.keys(message).find((name) => message[name] !== undefined && !Object.hasOwn(type.fields, name));
    if (stranger !== undefined) throw new MessageError(`${path}.${stranger}: ${type.name} has no such field`);
  }

  const one = (field: protobuf.Field, value: unknown, at: string): unknown => {
    const resolved = field.resolvedType;
    if (resolved instanceof protobuf.Enum) return enumForm(resolved, value, at, field.required, strictness);
    return resolved instanceof protobuf.Type ? messageForm(resolved, value, at, strictness, depth + 1) : scalarForm(field.type, value, at);
  };

  const form: Plain = {};
  for (const field of type.fieldsArray) {
    const value = Object.hasOwn(message, field.name) ? (message[field.name] ?? undefined) : undefined;
    const at = `${path}.${field.name}`;
    if (value === undefined) {
      if (field.required) throw new MessageError(`${at}: required and missing`);
    } else if (field.repeated) {
      if (!Array.isArray(value)) throw wrong(at, value, 'an array');
      if (value.length > 0)
        form[field.name] = value.map((item, index) => one(field, item, `${at}[${index}]`)).filter((item) => item !== undefined);
    } else if (field.map) {
      if (!isObject(value)) throw wrong(at, value, 'an object');
      form[field.name] = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, one(field, item, `${at}.${key}`)]));
    } else {
      const formed = one(field, value, at);
      if (formed !== undefined) form[field.name] = formed;
    }
  }
  return form;
};
