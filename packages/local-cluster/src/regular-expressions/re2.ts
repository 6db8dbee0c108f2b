// Regular expressions as RE2 has them, with the limits that Mesos sets to them (offer_constraints_filter.cpp, createRE2).
// re2js has RE2's syntax, but one instruction for a class of characters where RE2 has one for each range of bytes, so the size of
// a program is reckoned: right to the number for most that are written by hand, some per cent off for classes in repetitions.
import { RE2JS } from 're2js';

export interface RegexLimits {
  /** RE2's max_mem, bytes. */
  readonly maxMemory: number;
  readonly maxProgramSize: number;
}

/** What RE2's own data takes of the memory of a program, and each instruction (re2/prog.h on 64 bits). */
const PROGRAM_BYTES = 432;
const INSTRUCTION_BYTES = 8;

interface Instruction {
  readonly op: number;
  readonly runes: ArrayLike<number>;
}

/** re2js, parser/Inst: what takes one character of the text. */
const CLASS = 8;
const ANY = 10;
const ANY_BUT_NEWLINE = 11;

/** How RE2 spells characters beyond ASCII, as sequences of bytes. */
const WIDE = { instructions: 6, beforeFlattening: 9 };

const instructionsOf = (regex: RE2JS): readonly Instruction[] =>
  (regex as unknown as { readonly re2Input?: { readonly prog?: { readonly inst?: readonly Instruction[] } } }).re2Input?.prog?.inst ?? [];

const ranges = ({ runes }: Instruction): { readonly ascii: number; readonly isWide: boolean } => {
  let ascii = 0;
  let isWide = false;
  for (let index = 0; index < runes.length; index += 2) {
    if ((runes[index] ?? 0) < 0x80) ascii += 1;
    if ((runes[index + 1] ?? 0) >= 0x80) isWide = true;
  }
  return { ascii, isWide };
};

interface Size {
  readonly program: number;
  readonly instructions: number;
}

const sizeOf = (regex: RE2JS): Size => {
  // A loop in front, so that a match may begin anywhere, makes two more.
  let program = regex.programSize() + 2;
  let instructions = regex.programSize();
  for (const instruction of instructionsOf(regex)) {
    if (![CLASS, ANY, ANY_BUT_NEWLINE].includes(instruction.op)) continue;
    const { ascii, isWide } = ranges(instruction);
    program += ascii + (isWide ? WIDE.instructions : 0) - 1;
    instructions += 2 * (ascii - 1) + (isWide ? WIDE.beforeFlattening : 0);
  }
  return { program, instructions };
};

/** RE2's words for what re2js says (re2/regexp.cc, kErrorStrings). */
const WORDS: Readonly<Record<string, string>> = {
  'invalid escape sequence': 'invalid escape sequence',
  'invalid character class': 'invalid character class',
  'invalid character class range': 'invalid character class range',
  'missing closing ]': 'missing ]',
  'missing closing )': 'missing )',
  'unexpected )': 'unexpected )',
  'missing argument to repetition operator': 'no argument for repetition operator',
  'invalid repeat count': 'invalid repetition size',
  'invalid nested repetition operator': 'bad repetition operator',
  'invalid or unsupported Perl syntax': 'invalid perl operator',
  'invalid UTF-8': 'invalid UTF-8',
  'invalid named capture': 'invalid named capture group',
};

const inWordsOfRE2 = (message: string): string => {
  if (message.includes('trailing backslash')) return 'trailing \\';
  const [, problem = '', argument = ''] = /^error parsing regexp: ([^:`]*)(?:: `(.*)`)?$/s.exec(message) ?? [];
  const words = WORDS[problem] ?? 'unexpected error';
  return argument === '' ? words : `${words}: ${argument}`;
};

/** RE2 learnt `(?<name>…)` after the version that Mesos has. */
const YOUNGER_GROUP = /(?:^|[^\\])(?:\\\\)*\(\?</s;

const compile = (pattern: string): RE2JS | string => {
  if (YOUNGER_GROUP.test(pattern)) return 'invalid perl operator: (?<';
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return inWordsOfRE2((error as Error).message);
  }
};

/** Why Mesos takes no such expression, in its words; undefined when it does. */
export function regexError(pattern: string, { maxMemory, maxProgramSize }: RegexLimits): string | undefined {
  const because = (problem: string): string => `Failed to construct regex from pattern '${pattern}': ${problem}`;
  const regex = compile(pattern);
  if (typeof regex === 'string') return because(regex);
  const { program, instructions } = sizeOf(regex);
  // Two thirds of the memory are for the program that runs forward.
  const most = Math.floor((Math.floor((maxMemory * 2) / 3) - PROGRAM_BYTES) / INSTRUCTION_BYTES);
  if (instructions > most) return because('pattern too large - compile failed');
  return program > maxProgramSize
    ? `Regex '${pattern}' is too complex: program size of ${program} is larger than maximum of ${maxProgramSize} allowed`
    : undefined;
}

/** Whether the whole text matches. @throws Error if `regexError` would say something of its syntax */
export function fullMatcher(pattern: string): (text: string) => boolean {
  const regex = compile(pattern);
  if (typeof regex === 'string') throw new Error(regex);
  return (text) => regex.matches(text);
}
