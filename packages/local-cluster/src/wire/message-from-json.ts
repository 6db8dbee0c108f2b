// JSON → message as Mesos converts it (3rdparty/stout/include/stout/protobuf.hpp, internal::parse): unknown fields are ignored,
// null is unset, numbers and booleans may be strings, an unknown name of an optional enum is unset; required fields are checked at the end.
import protobuf from 'protobufjs';

/** The message says which field, in Mesos's words. */
export class JsonConversionError extends Error {}

type Message = Record<string, unknown>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field, or the value of a map's entry, which is a field called `value` of a message of its own. */
type Target = Pick<protobuf.Field, 'name' | 'type' | 'resolvedType' | 'required'>;

const WHOLE_NUMBERS = new Set(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32', 'int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value);

const unexpected = (value: unknown, field: Target): never => {
  throw new JsonConversionError(`Not expecting a JSON ${kindOf(value)} for field '${field.name}'`);
};

const toNumber = (value: unknown, field: Target): number => {
  if (typeof value === 'number') return WHOLE_NUMBERS.has(field.type) ? Math.trunc(value) : value;
  if (typeof value !== 'string') return unexpected(value, field);
  if (!WHOLE_NUMBERS.has(field.type) && /^-?Infinity$/.test(value)) return Number(value);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number))
    throw new JsonConversionError(`Failed to parse '${value}' as a JSON number for field '${field.name}': Unexpected JSON type parsed`);
  return WHOLE_NUMBERS.has(field.type) ? Math.trunc(number) : number;
};

const toBoolean = (value: unknown, field: Target): boolean => {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value === 'string')
    throw new JsonConversionError(`Failed to parse '${value}' as a JSON boolean for field '${field.name}': Unexpected JSON type parsed`);
  return unexpected(value, field);
};

const toBase64 = (value: unknown, field: Target): string => {
  if (typeof value !== 'string') return unexpected(value, field);
  if (!/^[A-Za-z0-9+/\s]*=*\s*$/.test(value))
    throw new JsonConversionError(`Failed to base64 decode bytes field '${field.name}': Invalid character`);
  return Buffer.from(value, 'base64').toString('base64');
};

/** undefined: the value leaves the field unset. */
const convert = (value: unknown, field: Target): unknown => {
  const resolved = field.resolvedType;
  if (resolved instanceof protobuf.Type) return isObject(value) ? fields(resolved, value) : unexpected(value, field);
  if (resolved instanceof protobuf.Enum) {
    if (typeof value !== 'string') return unexpected(value, field);
    if (value in resolved.values) return value;
    if (field.required) throw new JsonConversionError(`Failed to find enum for '${value}'`);
    return undefined;
  }
  if (field.type === 'string') return typeof value === 'string' ? value : unexpected(value, field);
  if (field.type === 'bytes') return toBase64(value, field);
  if (field.type === 'bool') return toBoolean(value, field);
  return toNumber(value, field);
};

const convertField = (value: unknown, field: protobuf.Field): unknown => {
  if (field.map) {
    if (!isObject(value)) return unexpected(value, field);
    const { type, resolvedType } = field;
    const target: Target = { name: 'value', type, resolvedType, required: false };
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry, target)]));
  }
  if (field.repeated) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map((one) => convert(one, field)).filter((one) => one !== undefined);
  }
  return Array.isArray(value) ? unexpected(value, field) : convert(value, field);
};

const fields = (type: protobuf.Type, json: Record<string, unknown>): Message => {
  const message: Message = {};
  for (const [name, value] of Object.entries(json)) {
    const field = type.fields[name];
    if (field === undefined || value === null) continue;
    const converted = convertField(value, field);
    if (converted !== undefined) message[name] = converted;
  }
  return message;
};

const missing = (type: protobuf.Type, message: Message, path: string): string[] =>
  type.fieldsArray.flatMap((field) => {
    const value = message[field.name];
    if (value === undefined) return field.required ? [`${path}${field.name}`] : [];
    const inner = field.resolvedType;
    if (!(inner instanceof protobuf.Type)) return [];
    if (field.map)
      return Object.entries(value as Message).flatMap(([key, one]) => missing(inner, one as Message, `${path}${field.name}[${key}].`));
    if (field.repeated) return (value as Message[]).flatMap((one, index) => missing(inner, one, `${path}${field.name}[${index}].`));
    return missing(inner, value as Message, `${path}${field.name}.`);
  });

/** @throws JsonConversionError */
export function messageFromJson(type: protobuf.Type, json: unknown): Message {
  if (!isObject(json)) throw new JsonConversionError('Expecting a JSON object');
  const message = fields(type, json);
  const absent = missing(type, message, '');
  if (absent.length > 0) throw new JsonConversionError(`Missing required fields: ${absent.join(', ')}`);
  return message;
}
