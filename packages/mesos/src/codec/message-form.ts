import protobuf from 'protobufjs';
import { formTests } from '../generated/form-tests.js';
import { FieldError, risen, wrong } from './field-error.js';
import { MAX_DEPTH, type FormTest } from './form-test.js';
import { scalarForm } from './scalar-form.js';
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

const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const enumForm = (type: protobuf.Enum, value: unknown, isUnknown: boolean): unknown => {
  if (typeof value === 'string' && Object.hasOwn(type.values, value)) return value;
  if (typeof value === 'number' && Number.isInteger(value)) return type.valuesById[value] ?? value;
  if (isUnknown && typeof value === 'string') return value;
  throw wrong(value, `one of ${Object.keys(type.values).join(', ')}`);
};

const isNameOf = (type: protobuf.Enum, value: unknown): boolean => typeof value !== 'string' || Object.hasOwn(type.values, value);

interface Plan {
  readonly isInForm: FormTest;
  readonly fields: ReadonlyMap<string, protobuf.Field>;
  readonly required: readonly string[];
}
const plans = new WeakMap<protobuf.Type, Plan>();

const planOf = (type: protobuf.Type): Plan => {
  const known = plans.get(type);
  if (known !== undefined) return known;
  const fields = new Map(type.fieldsArray.map((field) => [field.name, field.resolve()]));
  const isInForm = formTests[type.fullName] ?? (() => false);
  const plan = { isInForm, fields, required: type.fieldsArray.filter(({ required }) => required).map(({ name }) => name) };
  plans.set(type, plan);
  return plan;
};

/** What one message has that its type does not know; a plain class, for closures would be made once a message. */
class Unknowns {
  constructor(
    readonly strictness: Strictness,
    public names: Set<string> | undefined,
  ) {}

  mayHold(name: string): boolean {
    if (this.strictness === 'lenient') (this.names ??= new Set()).add(name);
    return this.names?.has(name) === true;
  }
}

const one = (field: protobuf.Field, value: unknown, unknowns: Unknowns, depth: number): unknown => {
  const { resolvedType } = field;
  if (resolvedType === null) return scalarForm(field.type, value);
  if (resolvedType instanceof protobuf.Enum)
    return enumForm(resolvedType, value, !isNameOf(resolvedType, value) && unknowns.mayHold(field.name));
  return formOf(resolvedType, value, unknowns.strictness, depth + 1);
};

const many = (field: protobuf.Field, items: unknown, unknowns: Unknowns, depth: number): unknown[] => {
  if (!Array.isArray(items)) throw wrong(items, 'an array');
  const forms: unknown[] = [];
  try {
    for (const item of items as unknown[]) forms.push(one(field, item, unknowns, depth));
  } catch (error) {
    throw risen(error, forms.length);
  }
  return forms;
};

const entries = (field: protobuf.Field, map: unknown, unknowns: Unknowns, depth: number): Plain => {
  if (!isObject(map)) throw wrong(map, 'an object');
  const forms: [string, unknown][] = [];
  for (const [key, item] of Object.entries(map))
    try {
      forms.push([key, one(field, item, unknowns, depth)]);
    } catch (error) {
      throw risen(error, key);
    }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(forms);
};

const fieldForm = (field: protobuf.Field, value: unknown, unknowns: Unknowns, depth: number): unknown => {
  if (field.map) return entries(field, value, unknowns, depth);
  if (!field.repeated) return one(field, value, unknowns, depth);
  const items = many(field, value, unknowns, depth);
  return items.length === 0 ? undefined : items;
};

const formOf = (type: protobuf.Type, message: unknown, strictness: Strictness, depth: number): Plain => {
  if (!isObject(message)) throw wrong(message, 'an object');
  if (depth > MAX_DEPTH) throw new FieldError(`nested deeper than ${MAX_DEPTH} messages`);
  const { isInForm, fields, required } = planOf(type);
  if (isInForm(message, depth)) return message;
  const kept = message[unknownFields];
  const unknowns = new Unknowns(strictness, kept instanceof Set ? new Set(kept) : undefined);
  const form: Plain = {};
  let name = '';
  try {
    for (name of Object.keys(message)) {
      const value = message[name];
      if (value === undefined || value === null || name === '__proto__') continue;
      const field = fields.get(name);
      if (field === undefined && !unknowns.mayHold(name)) throw new FieldError(`${type.name} has no such field`);
      const formed = field === undefined ? value : fieldForm(field, value, unknowns, depth);
      if (formed !== undefined) form[name] = formed;
    }
    for (name of required) if (form[name] === undefined) throw new FieldError('required and missing');
  } catch (error) {
    throw risen(error, name);
  }
  if (kept instanceof Uint8Array) form[unknownFields] = kept;
  else if (unknowns.names !== undefined && unknowns.names.size > 0) form[unknownFields] = unknowns.names;
  return form;
};

/** Whether the message is in the form already: `messageForm` gives it back as it is, and there is no number in it that is not finite. */
export const isInForm = (type: protobuf.Type, message: unknown): message is Plain => planOf(type).isInForm(message, 0);

/**
 * The message in Mesos's JSON form: enums by name, numbers as numbers, null as absent; fields in the order in which they came.
 * What is in that form already, message or part of one, is not copied.
 * @param path how errors call the message
 * @throws MessageError
 */
export const messageForm = (type: protobuf.Type, message: unknown, path: string, strictness: Strictness): Plain => {
  try {
    return formOf(type, message, strictness, 0);
  } catch (error) {
    if (error instanceof FieldError) throw new MessageError(`${path}${error.path}: ${error.message}`);
    throw error;
  }
};
