import type { JsonApi, RequestOptions } from './json-api.js';

const PAGE = 1000;

/** Every item of a listing of allocation-service, however many pages it has. @throws as `ask` does */
export const allPages = async <T>(
  api: JsonApi,
  path: string,
  key: string,
  query: Readonly<Record<string, string | undefined>>,
  options: RequestOptions,
): Promise<T[]> => {
  const items: T[] = [];
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (let cursor: string | undefined; ;) {
    const search = new URLSearchParams([...given, ['limit', String(PAGE)]]);
    if (cursor !== undefined) search.set('cursor', cursor);
    const page = await api.ask<Record<string, unknown>>('GET', `${path}?${search.toString()}`, options);
    items.push(...(page[key] as T[]));
    cursor = page['next'] as string | undefined;
    if (cursor === undefined) return items;
  }
};
