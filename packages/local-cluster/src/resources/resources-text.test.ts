import { describe, expect, it } from 'vitest';
import { parseAttributes } from './attributes-text.js';
import { formatResources } from './resources.js';
import { parseResources } from './resources-text.js';
import { ResourceTextError } from './value-text.js';

const printed = (text: string): string => formatResources(parseResources(text));

describe('--resources', () => {
  it.each([
    ['cpus:4;mem: 1024 ; disk:1e3', 'cpus:4; mem:1024; disk:1000'],
    ['cpus(*):4;cpus(team):2;cpus:1', 'cpus:5; cpus(reservations: [(STATIC,team)]):2'],
    ['ports:[5-6,7-9,20-20]', 'ports:[5-9, 20-20]'],
    ['bugs(debug_role):{a,b,c}', 'bugs(reservations: [(STATIC,debug_role)]):{a, b, c}'],
    // Between the parentheses is nothing but the role, and a comma may be in one.
    ['cpus(role,principal):4', 'cpus(reservations: [(STATIC,role,principal)]):4'],
    ['cpus:0;mem:1', 'mem:1'],
    ['', '{}'],
    ['[{"name":"cpus","type":"SCALAR","scalar":{"value":24}}]', 'cpus:24'],
    ['[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"role":"team"}]', 'cpus(reservations: [(STATIC,team)]):2'],
    [
      '[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"reservations":[{"type":"STATIC","role":"team"}]}]',
      'cpus(reservations: [(STATIC,team)]):2',
    ],
    [
      '[{"name":"bugs","type":"SET","set":{"item":["a","b"]}},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":2}]}}]',
      'bugs:{a, b}; ports:[1-2]',
    ],
  ])('%s', (text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  it.each([
    ['cpus', `Bad value for resources, missing or extra ':' in cpus`],
    ['cpus=4', `Bad value for resources, missing or extra ':' in cpus=4`],
    ['cpus:', `missing or extra ':'`],
    [':4', `missing or extra ':'`],
    ['cpus:4:5', `missing or extra ':'`],
    ['cpus:many', 'Bad type for resource cpus value many type TEXT'],
    ['cpus:-1', 'Bad type for resource cpus value -1 type TEXT'],
    ['cpus:0.0001', 'cpus: Invalid scalar resource: value <= 0'],
    ['cpus(team:4', 'mismatched parentheses'],
    ['cpus():4', 'Role names cannot be the empty string'],
    ['cpus(a b):4', 'backspace or whitespace'],
    ['ports:[5-1]', 'begin > end'],
    ['ports:[a-b]', `Expecting non-negative integers in 'a'`],
    ['ports:[1]', 'Expecting one or more "ranges"'],
    ['ports:[1-2', 'Mismatched brackets'],
    ['zones:{a,a}', 'duplicated elements'],
    ['cpus:4;cpus:{a}', `Resources with the same name ('cpus') but different types are not allowed`],
    ['[{"name":"cpus"}]', 'Missing required fields: type'],
    ['[{"name":"cpus","type":"SCALAR"}]', 'Invalid scalar resource'],
    ['[{"name":', 'no JSON array'],
    ['[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"revocable":{}}]', 'Revocable resources cannot be specified'],
    [
      '[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"DYNAMIC","role":"a"}]}]',
      'Dynamic reservations cannot be specified at the command line',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => parseResources(text)).toThrow(ResourceTextError);
    expect(() => parseResources(text)).toThrow(message);
  });
});

describe('--attributes', () => {
  it('numbers, texts and ranges', () => {
    expect(parseAttributes('rack:a;zone:1;disks:[1-3,4-5]\nurl:http://h:1/;minus:-1')).toEqual([
      { name: 'rack', type: 'TEXT', text: { value: 'a' } },
      { name: 'zone', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'disks', type: 'RANGES', ranges: { range: [{ begin: 1, end: 5 }] } },
      { name: 'url', type: 'TEXT', text: { value: 'http://h:1/' } },
      { name: 'minus', type: 'TEXT', text: { value: '-1' } },
    ]);
  });

  it.each([
    ['rack', 'Invalid attribute key:value pair'],
    ['rack:', 'Invalid attribute key:value pair'],
    ['tags:{a,b}', 'Bad type for attribute tags text {a,b} type SET'],
    ['a:b[1-2]', `Unexpected '[' found`],
    ['a:b{c}', `Unexpected '{' found`],
  ])('%s is refused', (text, message) => {
    expect(() => parseAttributes(text)).toThrow(message);
  });
});
