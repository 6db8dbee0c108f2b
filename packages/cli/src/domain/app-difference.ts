import type { Json } from './placeholders.js';

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The paths at which what Marathon has differs from what is wanted. Fields that are not asked for are Marathon's own business,
 * and port 0 means any: Marathon shows the service port that it chose.
 */
export const appDifferences = (wanted: Json, actual: Json | undefined, path = ''): string[] => {
  if (isObject(wanted)) {
    return Object.entries(wanted).flatMap(([key, value]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const there = isObject(actual) ? actual[key] : undefined;
      return key === 'port' && value === 0 && typeof there === 'number' ? [] : appDifferences(value, there, at);
    });
  }
  if (Array.isArray(wanted)) {
    const list: readonly Json[] = wanted;
    if (!Array.isArray(actual) || actual.length !== list.length) return [path];
    return list.flatMap((value, index) => appDifferences(value, (actual as readonly Json[])[index], `${path}[${index}]`));
  }
  return wanted === actual ? [] : [path];
};
