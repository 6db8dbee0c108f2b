export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

export interface Filled {
  readonly value: Json;
  /** Names that have neither a value nor a default. */
  readonly missing: readonly string[];
}

/** Puts values in the place of `${NAME}` and `${NAME:-default}` in every string; a value that is empty counts as none. */
export const fillPlaceholders = (value: Json, values: Readonly<Record<string, string | undefined>>): Filled => {
  const missing = new Set<string>();
  const fill = (part: Json): Json => {
    if (typeof part === 'string') {
      return part.replace(PLACEHOLDER, (_, name: string, preset: string | undefined) => {
        const found = values[name] || preset;
        if (found === undefined) missing.add(name);
        return found ?? '';
      });
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part === 'object' && part !== null) return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each)]));
    return part;
  };
  const filled = fill(value);
  return { value: filled, missing: [...missing] };
};
