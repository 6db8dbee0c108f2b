// One value of an agent's --resources or --attributes (src/common/values.cpp, parse).
import { coalesce, type Range } from './quantity.js';

/** Says which part of a --resources or --attributes text can't be understood, and what is accepted. */
export class ResourceTextError extends Error {}

export type TextValue =
  | { readonly type: 'SCALAR'; readonly value: number }
  | { readonly type: 'RANGES'; readonly ranges: readonly Range[] }
  | { readonly type: 'SET'; readonly items: readonly string[] }
  | { readonly type: 'TEXT'; readonly value: string };

const parts = (text: string, separators: RegExp): string[] => text.split(separators).filter((part) => part !== '');

const isBalanced = (text: string, open: string, close: string): boolean => {
  let depth = 0;
  for (const character of text) {
    if (character === open) depth += 1;
    if (character === close) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new ResourceTextError(`Expecting non-negative integers in '${text}', as in [31000-31499]`);
  return Number(text);
};

const parseRanges = (text: string): Range[] => {
  const numbers = parts(text, /[[\]\-,\n]/);
  if (numbers.length % 2 !== 0) throw new ResourceTextError(`Expecting one or more "ranges" in '${text}', as in [31000-31499]`);
  const ranges = numbers.flatMap((begin, index): Range[] =>
    index % 2 === 0 ? [[wholeNumber(begin), wholeNumber(numbers[index + 1] ?? '')]] : [],
  );
  const inverted = ranges.find(([begin, end]) => begin > end);
  if (inverted !== undefined) throw new ResourceTextError(`Invalid ranges resource: begin > end in '${inverted.join('-')}'`);
  return coalesce(ranges);
};

/** Spaces don't count. @throws ResourceTextError */
export function parseValue(text: string): TextValue {
  const bare = text.replaceAll(' ', '').trim();
  if (bare === '') throw new ResourceTextError('Expecting non-empty string');
  for (const [open, close] of [
    ['{', '}'],
    ['[', ']'],
    ['(', ')'],
  ] as const)
    if (!isBalanced(bare, open, close)) throw new ResourceTextError(`Mismatched brackets in '${text}'`);
  if (bare.startsWith('[')) return { type: 'RANGES', ranges: parseRanges(bare) };
  if (bare.includes('[')) throw new ResourceTextError(`Unexpected '[' found in '${text}'`);
  if (bare.startsWith('{')) return { type: 'SET', items: parts(bare, /[{},\n]/) };
  if (bare.includes('{')) throw new ResourceTextError(`Unexpected '{' found in '${text}'`);
  // A negative number is a text.
  if (/^\+?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(bare) && Number.isFinite(Number(bare))) return { type: 'SCALAR', value: Number(bare) };
  return { type: 'TEXT', value: bare };
}
