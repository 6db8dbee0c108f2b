// Mesos's syntax for an agent's --resources and --attributes (docs/attributes-resources.md).
import type { Attribute } from '../generated/protocol.js';
import type { Quantity, Range } from './quantity.js';
import { add, type Resources } from './resources.js';

/** Says which part of a --resources or --attributes text can't be understood, and what is accepted. */
export class ResourceTextError extends Error {}

type Value =
  | { readonly type: 'SCALAR'; readonly value: number }
  | { readonly type: 'RANGES'; readonly ranges: readonly Range[] }
  | { readonly type: 'SET'; readonly items: readonly string[] }
  | { readonly type: 'TEXT'; readonly value: string };

const parseRange = (text: string): Range => {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  const range: Range = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || range[0] > range[1]) throw new ResourceTextError(`'${text}' is not a range: expected begin-end, as in 31000-31499`);
  return range;
};

const items = (text: string): string[] =>
  text
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function parseValue(text: string): Value {
  if (text.startsWith('[') && text.endsWith(']')) return { type: 'RANGES', ranges: items(text).map(parseRange) };
  if (text.startsWith('{') && text.endsWith('}')) return { type: 'SET', items: items(text) };
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return { type: 'SCALAR', value: Number(text) };
  return { type: 'TEXT', value: text };
}

const pairs = (text: string, what: string): [name: string, value: string][] =>
  text
    .split(/[;\n]/)
    .map((token) => token.trim())
    .filter((token) => token !== '')
    .map((token) => {
      const colon = token.indexOf(':');
      if (colon <= 0) throw new ResourceTextError(`${what}: '${token}' has no value: expected name:value`);
      return [token.slice(0, colon).trim(), token.slice(colon + 1).trim()];
    });

/** `cpus:8;mem:16384;disk:10000;ports:[31000-31499];zones:{a,b}` */
export function parseResources(text: string): Resources {
  return pairs(text, 'resources').reduce<Resources>((sum, [name, valueText]) => {
    if (name.includes('(')) throw new ResourceTextError(`resources: x`);
    const value = parseValue(valueText);
    if (value.type === 'TEXT') throw new ResourceTextError(`resources: '${name}:${valueText}' is neither a number, [ranges] nor a {set}`);
    if (value.type === 'SCALAR' && value.value < 0) throw new ResourceTextError(`resources: '${name}:${valueText}' is negative`);
    const quantity: Quantity =
      value.type === 'SCALAR' ? { name, type: 'SCALAR', milli: Math.round(value.value * 1000) } : { name, ...value };
    return add(sum, [quantity]);
  }, []);
}

/** `rack:a;zone:1;disks:[1-3]` */
export function parseAttributes(text: string): Attribute[] {
  return pairs(text, 'attributes').map(([name, valueText]) => {
    const value = parseValue(valueText);
    if (value.type === 'SCALAR') return { name, type: 'SCALAR', scalar: { value: value.value } };
    if (value.type === 'RANGES') return { name, type: 'RANGES', ranges: { range: value.ranges.map(([begin, end]) => ({ begin, end })) } };
    if (value.type === 'SET') return { name, type: 'SET', set: { item: [...value.items] } };
    return { name, type: 'TEXT', text: { value: value.value } };
  });
}
