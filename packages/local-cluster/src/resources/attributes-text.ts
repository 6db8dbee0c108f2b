// Mesos's syntax for an agent's --attributes (src/common/attributes.cpp).
import type { Attribute } from '../generated/protocol.js';
import { parseValue, ResourceTextError } from './value-text.js';

const parseAttribute = (token: string): Attribute => {
  const colon = token.indexOf(':');
  // Blanks belong to the name.
  const [name, text] = colon < 0 ? ['', ''] : [token.slice(0, colon), token.slice(colon + 1)];
  if (name === '' || text === '') throw new ResourceTextError(`Invalid attribute key:value pair '${token}': expected as in rack:a;zone:1`);
  const value = parseValue(text);
  if (value.type === 'SCALAR') return { name, type: 'SCALAR', scalar: { value: value.value } };
  if (value.type === 'RANGES') return { name, type: 'RANGES', ranges: { range: value.ranges.map(([begin, end]) => ({ begin, end })) } };
  if (value.type === 'TEXT') return { name, type: 'TEXT', text: { value: value.value } };
  throw new ResourceTextError(`Bad type for attribute ${name} text ${text} type SET: expected a number, a text or [ranges]`);
};

/** `rack:a;zone:1;disks:[1-3]`. @throws ResourceTextError */
export const parseAttributes = (text: string): Attribute[] =>
  text
    .split(/[;\n]/)
    .filter((token) => token !== '')
    .map(parseAttribute);
