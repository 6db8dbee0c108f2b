import { HttpError } from '@streams-on-mesos/service';
import { wholeNumber } from './query.js';

const DEFAULT_LIMIT = 100;
const MOST = 1000;

/** Where something stands among others for ever: in the order of creation, then by id. */
export interface Place {
  readonly createdAt: number;
  readonly id: string;
}

export interface PageQuery {
  readonly limit: number;
  /** The last one of the page before; undefined: from the beginning. */
  readonly after: Place | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; undefined: this is the last one. */
  readonly next: string | undefined;
}

const encode = ({ createdAt, id }: Place): string => Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');

const decode = (cursor: string): Place => {
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof createdAt === 'number' && typeof id === 'string') return { createdAt, id };
  } catch {
    // Said below.
  }
  throw new HttpError(400, `cursor: ${JSON.stringify(cursor.slice(0, 100))} is none: give the "next" of an earlier page, or leave it out`, {
    field: 'cursor',
  });
};

/** @throws HttpError 400 */
export const pageQuery = (query: Readonly<Record<string, string | undefined>>): PageQuery => ({
  limit: wholeNumber('limit', query['limit'], { min: 1, max: MOST }) ?? DEFAULT_LIMIT,
  after: query['cursor'] === undefined ? undefined : decode(query['cursor']),
});

/** Shorter ids first: resource_9 is older than resource_10. */
const compareCreation = (a: Place, b: Place): number =>
  a.createdAt - b.createdAt || a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** What comes after the cursor: nothing that stays is shown twice or left out, whatever is added or removed meanwhile. */
export const pageOf = <T>(all: Iterable<T>, placeOf: (item: T) => Place, { limit, after }: PageQuery): Page<T> => {
  const left: { readonly item: T; readonly at: Place }[] = [];
  for (const item of all) {
    const at = placeOf(item);
    if (after === undefined || compareCreation(at, after) > 0) left.push({ item, at });
  }
  const shown = left.sort((a, b) => compareCreation(a.at, b.at)).slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(({ item }) => item), next: last === undefined || left.length <= limit ? undefined : encode(last.at) };
};
