// What stands behind a flag, as Mesos's flags understand it (3rdparty/stout/include/stout/flags/parse.hpp).
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { durationUnitsMs } from '../../durations/duration-units.js';

/** The longest that a timer takes. */
const MOST_MS = 2 ** 31 - 1;

/** `15secs`, `1.5mins` → ms */
export const duration = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const size = unit === undefined ? undefined : durationUnitsMs[unit];
  if (number === undefined || size === undefined)
    throw new InvalidArgumentError(
      `'${text}' is no duration: expected a number and one of ${Object.keys(durationUnitsMs).join(', ')}, as in 15secs.`,
    );
  const ms = Number(number) * size;
  if (ms < 1 || ms > MOST_MS) throw new InvalidArgumentError(`'${text}' is out of range: expected 1ms to 24days.`);
  return ms;
};

export const whole = (text: string): number => {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError(`must be a whole number, and is '${text}'`);
  return Number(text);
};

export const positive = (text: string): number => {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError(`must be a whole number above 0, and is '${text}'`);
  return value;
};

export const port = (text: string): number => {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError(`must be a port, 0 to 65535, and is '${text}'`);
  return value;
};

export const boolean = (text: string): boolean => {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new InvalidArgumentError(`must be true or false, and is '${text}'`);
};

export const environment = (text: string): Record<string, string> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string'))
      return value as Record<string, string>;
  } catch {
    // said below
  }
  throw new InvalidArgumentError(`must be a JSON object of texts, as in '{"PATH":"/usr/bin"}'`);
};

export const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** `file:///path` stands for what the file holds; anything else for itself. */
export const textOrFile = (text: string): string => {
  if (!text.startsWith('file://')) return text;
  try {
    return readFileSync(text.slice('file://'.length), 'utf8').trim();
  } catch (error) {
    throw new InvalidArgumentError(`'${text}' can't be read: ${(error as Error).message}`);
  }
};

/** Given once for all agents, or once for each. */
export const each =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[] = []): readonly T[] => [...before, parse(text)];

/** principal → secret, of a file as `{"credentials":[{"principal":"a","secret":"b"}]}` (src/credentials/credentials.hpp). */
export const credentials = (path: string): ReadonlyMap<string, string> => {
  const refuse = (why: string): never => {
    throw new InvalidArgumentError(`'${path}': ${why}; expected {"credentials":[{"principal":"…","secret":"…"}]}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path.replace(/^file:\/\//, ''), 'utf8'));
  } catch (error) {
    // What a syntax error quotes may be a secret.
    return refuse(error instanceof SyntaxError ? 'is not JSON' : (error as Error).message);
  }
  const { credentials: entries } = (parsed ?? {}) as { readonly credentials?: unknown };
  if (!Array.isArray(entries) || entries.length === 0) return refuse('must contain at least one credential');
  return new Map(
    entries.map((entry: unknown) => {
      const { principal, secret } = (entry ?? {}) as Record<string, unknown>;
      return typeof principal === 'string' && typeof secret === 'string' ? [principal, secret] : refuse('a credential is not two texts');
    }),
  );
};
