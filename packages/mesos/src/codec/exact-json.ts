const LONG_INTEGER = /[:,[]\s*-?\d{16}/;
const LEAST_DIGITS = 16;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LARGE_E = 0x45;
const SMALL_E = 0x65;

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isOfNumber = (code: number): boolean =>
  isDigit(code) || code === POINT || code === SMALL_E || code === LARGE_E || code === MINUS || code === PLUS;

/** Whether an odd number of backslashes stands before. */
const isEscaped = (text: string, at: number): boolean => {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
};

const endOfString = (text: string, start: number): number => {
  let at = text.indexOf('"', start + 1);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at + 1;
};

/** Integers above 2^53 as strings. @param text JSON; by a loop, because a regular expression's stack is too small for a long string */
const quoted = (text: string): string => {
  let exact = '';
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code !== MINUS && !isDigit(code)) at++;
    else {
      const start = at++;
      while (isDigit(text.charCodeAt(at))) at++;
      const isInteger = !isOfNumber(text.charCodeAt(at));
      while (isOfNumber(text.charCodeAt(at))) at++;
      if (!isInteger || at - start < LEAST_DIGITS || Number.isSafeInteger(Number(text.slice(start, at)))) continue;
      exact += `${text.slice(copied, start)}"${text.slice(start, at)}"`;
      copied = at;
    }
  }
  return exact + text.slice(copied);
};

/**
 * What JSON.parse made of a text, but for integers above 2^53, which it rounded: they become strings, which Mesos's JSON takes for
 * numbers too.
 * @param text valid JSON
 */
export const withExactIntegers = (text: string, parsed: unknown): unknown => (LONG_INTEGER.test(text) ? JSON.parse(quoted(text)) : parsed);
