import { readFileSync } from 'node:fs';
import { fillPlaceholders, type Json } from '../domain/placeholders.js';
import { UsageError } from '../failure.js';

export interface AppDefinition {
  readonly id: string;
  readonly [field: string]: Json;
}

const readJson = (file: string): Json => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''})`, { cause });
  }
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new UsageError(`${file}: not JSON: ${(cause as Error).message}`, { cause });
  }
};

/** Marathon's ids are paths; one that does not begin with a slash is below the root. */
const absoluteId = (id: string): string => (id.startsWith('/') ? id : `/${id}`);

const withId = (file: string, value: Json): AppDefinition => {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (typeof id !== 'string' || id === '') throw new UsageError(`${file}: not the definition of an app: it has no id`);
  return { ...(value as AppDefinition), id: absoluteId(id) };
};

/** The app of a file, with the values of its placeholders. @throws UsageError naming the file and what is wrong */
export const readAppFile = (file: string, values: Readonly<Record<string, string | undefined>>): AppDefinition => {
  const { value, missing } = fillPlaceholders(readJson(file), values);
  if (missing.length > 0)
    throw new UsageError(`${file}: no value for ${missing.join(', ')}: set them in the environment, or with --env NAME=VALUE`);
  return withId(file, value);
};

/** What the user names an app by: a file of its definition, or its id. */
export const appIdOf = (fileOrId: string): string =>
  fileOrId.endsWith('.json') ? withId(fileOrId, readJson(fileOrId)).id : absoluteId(fileOrId);
