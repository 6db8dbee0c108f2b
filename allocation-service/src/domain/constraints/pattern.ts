import { RE2JS } from 're2js';

/** A pattern is part of a request, and is tried on every agent. */
const MAX_LENGTH = 1_000;
const VERDICTS_KEPT = 10_000;

/** A regular expression that has to match the whole text, in RE2's syntax: linear time, whatever the pattern. */
export class Pattern {
  readonly #expression: RE2JS;
  /** Racks and zones are few: each is tried once. */
  readonly #verdicts = new Map<string, boolean>();

  /** @throws Error for what is no regular expression, or too long */
  constructor(text: string) {
    if (text.length > MAX_LENGTH) throw new Error(`it has ${text.length} characters: give up to ${MAX_LENGTH}`);
    this.#expression = RE2JS.compile(text);
  }

  matches(text: string): boolean {
    const known = this.#verdicts.get(text);
    if (known !== undefined) return known;
    if (this.#verdicts.size >= VERDICTS_KEPT) this.#verdicts.clear();
    const verdict = this.#expression.matches(text);
    this.#verdicts.set(text, verdict);
    return verdict;
  }
}

const patterns = new Map<string, Pattern | undefined>();
const PATTERNS_KEPT = 1_000;

/** undefined: it is no regular expression. */
export const patternOf = (text: string): Pattern | undefined => {
  if (patterns.has(text)) return patterns.get(text);
  if (patterns.size >= PATTERNS_KEPT) patterns.clear();
  let pattern: Pattern | undefined;
  try {
    pattern = new Pattern(text);
  } catch {
    pattern = undefined;
  }
  patterns.set(text, pattern);
  return pattern;
};
