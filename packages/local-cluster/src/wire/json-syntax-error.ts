// Says where a text stops being JSON, as Mesos's parser (picojson) does: `syntax error at line 1 near: <rest of the line>`.

/** Deeper nesting is where the text is called wrong, whatever follows. */
const DEEPEST = 500;

class Scanner {
  position = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  private skipSpace(): void {
    while (/[ \t\r\n]/.test(this.text[this.position] ?? '')) this.position += 1;
  }

  /** Like picojson, a character that doesn't fit stays unread. */
  private take(expected: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== expected) return false;
    this.position += 1;
    return true;
  }

  private literal(rest: string): boolean {
    for (const character of rest) {
      if (this.text[this.position] !== character) return false;
      this.position += 1;
    }
    return true;
  }

  private string(): boolean {
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || character < ' ') return false;
      this.position += 1;
      if (character === '"') return true;
      if (character === '\\') {
        if (this.text[this.position] === undefined) return false;
        this.position += 1;
      }
    }
  }

  private number(): boolean {
    const match = /^[-+0-9.eE]+/.exec(this.text.slice(this.position - 1));
    if (match === null || Number.isNaN(Number(match[0]))) return false;
    this.position += match[0].length - 1;
    return true;
  }

  private array(): boolean {
    if (this.take(']')) return true;
    do if (!this.value()) return false;
    while (this.take(','));
    return this.take(']');
  }

  private object(): boolean {
    if (this.take('}')) return true;
    do {
      if (!this.take('"') || !this.string() || !this.take(':') || !this.value()) return false;
    } while (this.take(','));
    return this.take('}');
  }

  value(): boolean {
    this.depth += 1;
    const fits = this.depth <= DEEPEST && this.anyValue();
    this.depth -= 1;
    return fits;
  }

  private anyValue(): boolean {
    this.skipSpace();
    const first = this.text[this.position];
    if (first === undefined) return false;
    this.position += 1;
    if (first === 'n') return this.literal('ull');
    if (first === 't') return this.literal('rue');
    if (first === 'f') return this.literal('alse');
    if (first === '"') return this.string();
    if (first === '[') return this.array();
    if (first === '{') return this.object();
    if (/[-0-9]/.test(first)) return this.number();
    this.position -= 1;
    return false;
  }
}

/** @param text something that is no JSON */
export function jsonSyntaxError(text: string): string {
  const scanner = new Scanner(text);
  if (scanner.value()) return `Parsed JSON included non-whitespace trailing characters: ${text.slice(scanner.position).trimEnd()}`;
  const line = text.slice(0, scanner.position).split('\n').length;
  const rest = text.slice(scanner.position).split('\n', 1)[0] ?? '';
  return `syntax error at line ${line} near: ${[...rest].filter((character) => character >= ' ').join('')}`;
}
