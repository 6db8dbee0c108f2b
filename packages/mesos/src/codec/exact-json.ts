const LONG_INTEGER = /[:,[]\s*-?\d{16}/;
const NUMBER = /-?\d[\d.eE+-]*/y;
const INTEGER = /^-?\d{16,}$/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
};

/** Integers above 2^53 as strings. @param text JSON; by a loop, because a regular expression's stack is too small for a long string */
const quoted = (text: string): string => {
  let exact = '';
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code !== MINUS && (code < ZERO || code > NINE)) at++;
    else {
      NUMBER.lastIndex = at;
      const [token] = NUMBER.exec(text) ?? [''];
      if (INTEGER.test(token) && !Number.isSafeInteger(Number(token))) {
        exact += `${text.slice(copied, at)}"${token}"`;
        copied = at + token.length;
      }
      at += token.length;
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
