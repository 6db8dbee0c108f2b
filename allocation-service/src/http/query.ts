import { HttpError } from '@streams-on-mesos/service';
import type { Request } from 'express';

const refuse = (field: string, message: string): never => {
  throw new HttpError(400, `${field}: ${message}`, { field });
};

/**
 * The parameters of a URL, each given at most once.
 * @throws HttpError 400 for one that is unknown or given twice
 */
export const readQuery = <K extends string>(request: Request, known: readonly K[]): Readonly<Record<K, string | undefined>> => {
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  const read = {} as Record<K, string | undefined>;
  for (const name of known) read[name] = query.get(name) ?? undefined;
  for (const name of query.keys()) {
    if (!known.some((one) => one === name)) refuse(name.slice(0, 100), `unknown: give ${known.join(', ')}`);
    if (query.getAll(name).length > 1) refuse(name, 'give it once');
  }
  return read;
};

export const wholeNumber = (field: string, text: string | undefined, { min, max }: { min: number; max: number }): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max
    ? value
    : refuse(field, `${JSON.stringify(text.slice(0, 100))} is no whole number from ${min} to ${max}`);
};

/** One of a list of words. */
export const oneOf = <T extends string>(field: string, text: string | undefined, words: readonly T[]): T | undefined => {
  if (text === undefined) return undefined;
  return words.find((word) => word === text) ?? refuse(field, `${JSON.stringify(text.slice(0, 100))} is unknown: give ${words.join(', ')}`);
};

/** `name` or `name:value`, as what has such a label; undefined: everything. */
export const labelFilter = (text: string | undefined): ((labels: Readonly<Record<string, string>> | undefined) => boolean) => {
  if (text === undefined) return () => true;
  const colon = text.indexOf(':');
  if (colon === 0 || text === '') return refuse('label', `${JSON.stringify(text.slice(0, 100))} has no name: give name or name:value`);
  const name = colon < 0 ? text : text.slice(0, colon);
  return (labels) => {
    const value = labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
    return value !== undefined && (colon < 0 || value === text.slice(colon + 1));
  };
};

/** `client_id` is another name of `owner`. */
export const ownerOf = ({
  owner,
  client_id: clientId,
}: {
  owner: string | undefined;
  client_id: string | undefined;
}): string | undefined => {
  if (owner !== undefined && clientId !== undefined && owner !== clientId) refuse('client_id', 'means the same as owner: give one of them');
  return owner ?? clientId;
};
