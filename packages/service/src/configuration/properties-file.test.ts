import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProperties } from './properties-file.js';

const parse = (...lines: string[]): Record<string, string> => Object.fromEntries(parseProperties(lines.join('\n')));

describe('the properties file', () => {
  it('takes =, : and blanks as separators, around which blanks do not count', () => {
    expect(parse('a=1', 'b : 2', 'c 3', '  d\t=\t4 ', 'e', 'f=', 'g = = x')).toEqual({
      a: '1',
      b: '2',
      c: '3',
      d: '4 ',
      e: '',
      f: '',
      g: '= x',
    });
  });

  it('overlooks comments and blank lines', () => {
    expect(parse('# DC_CORES=1', '! x', '', '   ', '  # y', 'DC_CORES=2 # not a comment')).toEqual({ DC_CORES: '2 # not a comment' });
  });

  it('joins continued lines, but not after an escaped backslash', () => {
    expect(parse('a=one, \\', '    # two', 'b=c:\\\\', 'c=3', 'd=end\\')).toEqual({ a: 'one, # two', b: 'c:\\', c: '3', d: 'end' });
  });

  it('understands escapes, also in keys', () => {
    expect(parse('a\\=b\\ c=\\u00e4\\t\\n\\x')).toEqual({ 'a=b c': 'ä\t\nx' });
  });

  it('reads the file that the original ships', () => {
    expect(parse('MESOS_MASTER=zk://172.31.29.41:2181/mesos', 'HOME_DIR=${MESOS_SANDBOX}', 'MESOS_USER=root', '#DEPLOY=true')).toEqual({
      MESOS_MASTER: 'zk://172.31.29.41:2181/mesos',
      HOME_DIR: '${MESOS_SANDBOX}',
      MESOS_USER: 'root',
    });
  });

  it('lets the last value of a key win and knows every line ending', () => {
    expect(Object.fromEntries(parseProperties('a=1\r\na=2\rb=3'))).toEqual({ a: '2', b: '3' });
  });

  it('meets any text without an error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\\', '=', ':', ' ', '\n', 'u', '0', 'a', '#') }),
        (text) => void parseProperties(text),
      ),
    );
  });
});
