import { z } from 'zod';

// What the text of a setting may be. Each error says what is accepted, as it is shown to the operator.

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const boundsText = ({ min, max }: Bounds): string =>
  min !== undefined && max !== undefined
    ? ` from ${min} to ${max}`
    : min !== undefined
      ? `, at least ${min}`
      : max !== undefined
        ? `, at most ${max}`
        : '';

const number = (pattern: RegExp, kind: string, bounds: Bounds): z.ZodType<number, string> => {
  const accepted = `${kind}${boundsText(bounds)}`;
  return z.string().transform((text, context) => {
    const value = pattern.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value) && value >= (bounds.min ?? -Infinity) && value <= (bounds.max ?? Infinity)) return value;
    context.addIssue({ code: 'custom', message: accepted });
    return z.NEVER;
  });
};

export const wholeNumber = (bounds: Bounds = {}): z.ZodType<number, string> => number(/^-?\d{1,15}$/, 'a whole number', bounds);

export const decimalNumber = (bounds: Bounds = {}): z.ZodType<number, string> => number(/^-?(\d{1,15}(\.\d+)?|\.\d+)$/, 'a number', bounds);

export const truth = (): z.ZodType<boolean, string> =>
  z
    .string()
    .refine((text) => /^(true|yes|1|false|no|0)$/i.test(text), { message: 'true or false' })
    .transform((text) => /^(true|yes|1)$/i.test(text));

export const oneOf = <const Choice extends string>(...choices: readonly Choice[]): z.ZodType<Choice, string> =>
  z.string().transform((text, context) => {
    const choice = choices.find((each) => each.toLowerCase() === text.toLowerCase());
    if (choice !== undefined) return choice;
    context.addIssue({ code: 'custom', message: `one of ${choices.join(', ')}` });
    return z.NEVER;
  });

/** Any text; with a pattern, `accepted` says in words what the pattern asks for. */
export const textLike = (pattern: RegExp, accepted: string): z.ZodType<string, string> =>
  z.string().refine((text) => pattern.test(text), { message: accepted });

export const anyText = (): z.ZodType<string, string> => z.string();

/** Different texts separated by commas, at least one. */
export const listOf = (pattern: RegExp, accepted: string): z.ZodType<string[], string> =>
  z.string().transform((text, context) => {
    const parts = [...new Set(text.split(',').map((part) => part.trim()))];
    if (parts.every((part) => pattern.test(part))) return parts;
    context.addIssue({ code: 'custom', message: `each of them ${accepted}` });
    return z.NEVER;
  });

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/** A URL with one of the schemes (each without the colon). */
export const urlWith = (...schemes: readonly string[]): z.ZodType<string, string> =>
  z.string().refine(
    (text) => {
      const url = parseUrl(text);
      return url !== undefined && url.hostname !== '' && schemes.includes(url.protocol.slice(0, -1));
    },
    { message: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')} and names a host` },
  );
