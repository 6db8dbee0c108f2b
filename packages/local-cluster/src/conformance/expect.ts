// What a case says of what it saw.
import { isDeepStrictEqual } from 'node:util';

/** Mesos does otherwise. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
}

/** This cluster, as it is, can't show the behaviour; nothing is said about it. */
export class NotRunError extends Error {
  override readonly name = 'NotRunError';
}

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined ? 'nothing' : text.length > 600 ? `${text.slice(0, 600)}…` : text;
};

export const fail = (message: string): never => {
  throw new ExpectationError(message);
};

export const notRun = (why: string): never => {
  throw new NotRunError(why);
};

export function expectEqual(what: string, seen: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(seen, wanted)) fail(`${what}: ${show(seen)} instead of ${show(wanted)}`);
}

export function expectMatch(what: string, seen: unknown, wanted: RegExp): void {
  if (typeof seen !== 'string' || !wanted.test(seen)) fail(`${what}: ${show(seen)} does not match ${String(wanted)}`);
}

export function expectTrue(what: string, seen: boolean, besides?: unknown): asserts seen {
  if (!seen) fail(`${what}: it is not so${besides === undefined ? '' : `: ${show(besides)}`}`);
}

/** Each field of `wanted` is as it is there, whatever else `seen` has. */
export function expectFields(what: string, seen: unknown, wanted: Readonly<Record<string, unknown>>): void {
  const object = typeof seen === 'object' && seen !== null ? (seen as Record<string, unknown>) : {};
  for (const [name, value] of Object.entries(wanted)) expectEqual(`${what}, ${name}`, object[name], value);
}
