import type { Request, State } from '../model.js';
import { requestKey } from '../requests/requests.js';
import { SCALING } from '../resources.js';

const SEPARATOR = '~';
const UNPLAIN = /[^A-Za-z0-9_-]/gu;
const ESCAPED = /\.([0-9A-F]{2})/g;

/** Letters, digits, dashes and underscores stay; of everything else each byte of its UTF-8 is a dot and two digits. */
const escaped = (text: string): string =>
  text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(UNPLAIN, (character) =>
    encodeURIComponent(character)
      .replace(/[.!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%', '.'),
  );

const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replace(ESCAPED, '%$1'));
  } catch {
    return undefined;
  }
};

/** `<client id>~<request id>`, fit for a URL: two clients may choose the same request id. */
export const requestNameOf = (clientId: string, requestId: string): string => `${escaped(clientId)}${SEPARATOR}${escaped(requestId)}`;

/** What the API calls the request; "scaling": the scaled nodes. */
export const requestName = ({ owner, allocate }: Request): string =>
  allocate === undefined ? SCALING : requestNameOf(owner, allocate.request_id);

export const requestNamed = (state: State, name: string): Request | undefined => {
  if (name === SCALING) return state.requests.get(SCALING);
  const [clientId, requestId, ...more] = name.split(SEPARATOR).map(unescaped);
  if (clientId === undefined || requestId === undefined || more.length > 0) return undefined;
  return state.requests.get(requestKey(clientId, requestId));
};
