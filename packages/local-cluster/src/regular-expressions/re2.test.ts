import { describe, expect, it } from 'vitest';
import { fullMatcher, regexError } from './re2.js';

const limits = { maxMemory: 4096, maxProgramSize: 100 };
const error = (pattern: string): string | undefined => regexError(pattern, limits);

describe('what RE2 refuses', () => {
  // The texts are those of re2-2020-07-06.
  it.each([
    ['[a-d', 'missing ]: [a-d'],
    ['(a', 'missing ): (a'],
    ['a)', 'unexpected ): a)'],
    ['a**', 'bad repetition operator: **'],
    ['*a', 'no argument for repetition operator: *'],
    ['a{1001}', 'invalid repetition size: {1001}'],
    ['\\1', 'invalid escape sequence: \\1'],
    ['[z-a]', 'invalid character class range: z-a'],
    ['(?=a)', 'invalid perl operator: (?='],
    ['(?<n>a)', 'invalid perl operator: (?<'],
    ['a\\', 'trailing \\'],
  ])('%s', (pattern, problem) => {
    expect(error(pattern)).toBe(`Failed to construct regex from pattern '${pattern}': ${problem}`);
  });

  it.each(['(a+){10}', 'rack-[0-9]+', '\\d{1,3}\\.\\d{1,3}', '.*', '(?P<n>a)', '(a+){24}', 'a{96}'])('takes %s', (pattern) => {
    expect(error(pattern)).toBeUndefined();
  });

  it.each([
    ['(a+){30}', 124],
    ['(a+){50}', 204],
    ['a{97}', 101],
    ['.{20}', 164],
  ])('%s is too complex', (pattern, size) => {
    expect(error(pattern)).toBe(`Regex '${pattern}' is too complex: program size of ${size} is larger than maximum of 100 allowed`);
  });

  it.each([
    ['a{285}', 'a{286}'],
    ['(a+){71}', '(a+){72}'],
    ['[a-dx-z]{95}', '[a-dx-z]{96}'],
    ['.{23}', '.{24}'],
  ])('%s fits the memory, %s does not', (fits, tooLarge) => {
    expect(error(fits)).toContain('too complex');
    expect(error(tooLarge)).toContain('pattern too large - compile failed');
  });
});

it('the whole text must match', () => {
  const matches = fullMatcher('rack-[0-9]+|lab');
  expect(['rack-12', 'lab', 'rack-', 'my rack-1', 'labs'].map(matches)).toEqual([true, true, false, false, false]);
});
