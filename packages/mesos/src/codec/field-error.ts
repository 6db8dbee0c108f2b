const SHOWN_CHARACTERS = 100;

const shortened = (text: string): string => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

/** Not all of it: what is wrong may be megabytes, and nested deeper than JSON.stringify can follow. */
const shown = (value: unknown): string => {
  if (typeof value === 'string') return shortened(JSON.stringify(value.slice(0, SHOWN_CHARACTERS + 1)));
  if (typeof value !== 'object' || value === null) return shortened(String(value));
  return Array.isArray(value) ? 'an array' : 'an object';
};

/** What is wrong with a field. Its path is put together only while the error rises: a message without errors makes no paths. */
export class FieldError extends Error {
  path = '';
  within(name: string | number): this {
    this.path = (typeof name === 'number' ? `[${name}]` : `.${shortened(name)}`) + this.path;
    return this;
  }
}

export const risen = (error: unknown, name: string | number): unknown => (error instanceof FieldError ? error.within(name) : error);

export const wrong = (value: unknown, expected: string): FieldError => new FieldError(`${expected} expected, not ${shown(value)}`);
