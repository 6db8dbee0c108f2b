import { authorizationHeader, connectionFailure, redirectTarget } from '@streams-on-mesos/mesos';
import { withTlsRemedy } from '@streams-on-mesos/service';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Unavailable } from '../failure.js';
import type { MasterAccess } from './master-options.js';

export interface FormAnswer {
  readonly status: number;
  /** The start of it. */
  readonly text: string;
}

const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 5;
const MOST_CHARACTERS = 4_096;

const reasonOf = (error: NodeJS.ErrnoException, { protocol }: URL): string => {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const { reason, remedy } = withTlsRemedy({ ...connectionFailure(error, protocol === 'https:' ? 'https' : 'http') });
  return typeof remedy === 'string' ? `${String(reason)}: ${remedy}` : (error.code ?? error.message);
};

interface Posting {
  readonly url: URL;
  readonly body: string;
  readonly access: Pick<MasterAccess, 'credentials' | 'tls'>;
  readonly signal: AbortSignal;
}

const post = ({ url, body, access, signal }: Posting): Promise<FormAnswer & { readonly location: string | undefined }> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      ...(access.credentials && { authorization: authorizationHeader(access.credentials) }),
    };
    const options = { method: 'POST', headers, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]), ...access.tls };
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MOST_CHARACTERS)));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text.trim(), location: response.headers.location }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

/**
 * Posts a form to a master as Mesos's operator endpoints take it; one that does not lead says who does (307), and is followed.
 * @throws Unavailable when there is no answer
 */
export const postForm = async (
  masterUrl: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  access: Pick<MasterAccess, 'credentials' | 'tls'>,
  signal: AbortSignal,
): Promise<FormAnswer> => {
  let url = new URL(path, masterUrl);
  const body = new URLSearchParams(fields).toString();
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { location, ...answer } = await post({ url, body, access, signal }).catch((cause: NodeJS.ErrnoException) => {
      throw new Unavailable(`POST ${url.href}: ${reasonOf(cause, url)}`, { cause });
    });
    if (answer.status !== 307 || location === undefined) return answer;
    const leader = redirectTarget(location, url.href);
    if (leader === undefined)
      throw new Unavailable(
        `POST ${url.href}: it does not lead, and names no master to ask over ${url.protocol.slice(0, -1)}: ${location}`,
      );
    url = new URL(path, leader);
  }
  throw new Unavailable(`POST ${url.href}: redirected more than ${MOST_REDIRECTS} times, the leader is just changing`);
};
