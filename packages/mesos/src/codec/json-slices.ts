import { SLICE_BYTES } from './slice-bytes.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** How Mesos begins an OFFERS event: fields in the order of the .proto (jsonify of 3rdparty/stout). */
const OFFERS_HEAD = /^\s*\{\s*"type"\s*:\s*"OFFERS"\s*,\s*"offers"\s*:\s*\{\s*"offers"\s*:\s*\[\s*/;
const MAX_HEAD_BYTES = 256;
const TAIL = Buffer.from(']}}');

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const afterSpace = (text: Uint8Array, from: number): number => {
  let at = from;
  while (isSpace(text[at])) at++;
  return at;
};

/** The closing quote of the string that opens at `start`; the text's length when there is none. */
const closingQuote = (text: Uint8Array, start: number): number => {
  let at = start + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
};

/** Behind the object that begins at `start`; undefined when none begins or ends. What is in it is looked at by who decodes it. */
const endOfObject = (text: Uint8Array, start: number): number | undefined => {
  if (text[start] !== OPEN_BRACE) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) at = closingQuote(text, at);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
  }
  return undefined;
};

/**
 * One OFFERS event of thousands of offers as several of a few, in order; each is looked for when it is asked for, so that nobody
 * has to read all of the text in one turn. What follows the offers, whatever it is, goes with the last ones. Any other event
 * is its only slice; a text that stops making sense is the last one from there on, and whoever decodes it says why.
 */
export function* jsonSlices(event: Uint8Array): Generator<Uint8Array, void, undefined> {
  const text = Buffer.from(event.buffer, event.byteOffset, event.byteLength);
  const headBytes = text.length <= SLICE_BYTES ? undefined : OFFERS_HEAD.exec(text.toString('latin1', 0, MAX_HEAD_BYTES))?.[0].length;
  if (headBytes === undefined) {
    yield event;
    return;
  }
  const head = text.subarray(0, headBytes);
  let first = headBytes;
  let at = headBytes;
  for (;;) {
    const end = endOfObject(text, at);
    const next = end === undefined ? undefined : afterSpace(text, end);
    if (end === undefined || next === undefined || text[next] !== COMMA) break;
    at = afterSpace(text, next + 1);
    if (end - first < SLICE_BYTES) continue;
    yield Buffer.concat([head, text.subarray(first, end), TAIL]);
    first = at;
  }
  yield first === headBytes ? event : Buffer.concat([head, text.subarray(first)]);
}
