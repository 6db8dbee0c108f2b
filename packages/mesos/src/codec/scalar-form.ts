import { wrong } from './field-error.js';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d{1,20}$/;
const NOT_BASE64 = /[^A-Za-z0-9+/]/;

const integerRanges = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

/** Numbers may come as strings: Mesos reads both, and writes infinite ones as strings. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return Number(value);
  return NUMBER.test(value) ? Number(value) : undefined;
};

/** A decimal string where a number would be rounded. */
const integerOf = (type: keyof typeof integerRanges, value: unknown): number | string | undefined => {
  const [least, most] = integerRanges[type];
  const exact = typeof value === 'string' && INTEGER.test(value);
  const number = exact ? Number(value) : numberOf(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  if (Number.isSafeInteger(number)) return number >= Number(least) && number <= Number(most) ? number : undefined;
  const integer = BigInt(exact ? value.replace('+', '') : number);
  return integer >= least && integer <= most ? String(integer) : undefined;
};

/** Whether it is a 64-bit integer as the form has it: a number, or a decimal string above 2^53. */
export const isInteger64 = (type: 'int64' | 'uint64', value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isSafeInteger(value) && (value >= 0 || type === 'int64')
    : typeof value === 'string' && integerOf(type, value) === value;

/** With or without padding. By a search for what is none: a pattern for all of it would need a stack as large as the text. */
export const isBase64 = (value: unknown): value is string => {
  if (typeof value !== 'string') return false;
  const found = value.search(NOT_BASE64);
  const digits = found === -1 ? value.length : found;
  const rest = digits % 4;
  const padding = value.slice(digits);
  return padding === '' ? rest !== 1 : (rest === 2 && padding === '==') || (rest === 3 && padding === '=');
};

/**
 * A value of one of protobuf's own types in Mesos's JSON form.
 * @throws FieldError
 */
export const scalarForm = (type: string, value: unknown): unknown => {
  switch (type) {
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64': {
      const number = integerOf(type, value);
      if (number === undefined) throw wrong(value, `a number of type ${type}`);
      return number;
    }
    case 'double':
    case 'float': {
      const number = numberOf(value);
      if (number === undefined) throw wrong(value, 'a number');
      return number;
    }
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(value, 'true or false');
      return value;
    case 'bytes':
      if (!isBase64(value)) throw wrong(value, 'base64');
      return value;
    default:
      if (typeof value !== 'string') throw wrong(value, 'a string');
      return value;
  }
};
