// JSON's tokens as RapidJSON writes them, straight into bytes.
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const FIRST_PRINTABLE = 0x20;
const LAST_ASCII = 0x7e;

/** What is written so far. Faster than strings put together: nearly all of it is ASCII, and none is copied twice. */
export class JsonWriter {
  private bytes = Buffer.allocUnsafe(64 * 1024);
  length = 0;

  /** ASCII, as it stands. */
  raw(text: string): void {
    this.room(text.length);
    for (let index = 0; index < text.length; index++) this.bytes[this.length + index] = text.charCodeAt(index);
    this.length += text.length;
  }

  string(text: string): void {
    this.room(text.length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < FIRST_PRINTABLE || code > LAST_ASCII || code === QUOTE || code === BACKSLASH) return this.escaped(text);
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  /** The fields of a message begin with a comma each; the first of them becomes the brace. */
  closeMessage(start: number): void {
    if (this.length === start) return this.raw('{}');
    this.bytes[start] = BRACE;
    this.raw('}');
  }

  clear(): void {
    this.length = 0;
  }

  copy(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }

  /** RapidJSON's escapes are JSON.stringify's, but for the case of \u's digits. */
  private escaped(text: string): void {
    const json = JSON.stringify(text).replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
    this.room(Buffer.byteLength(json));
    this.length += this.bytes.write(json, this.length);
  }

  private room(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
