import { Failure, Unavailable } from '../failure.js';

export interface JsonResponse {
  readonly status: number;
  /** undefined when the body is empty or no JSON. */
  readonly body: unknown;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Default 10000. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

const MOST_REDIRECTS = 5;

/** Speaks JSON over HTTP; a standby's redirect to its leader is followed with the same method, body and token. */
export class JsonApi {
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
  ) {}

  /** @throws Unavailable when there is no answer, or one of 502, 503, 504 */
  async request(method: string, path: string, { body, timeoutMs = 10_000, signal }: RequestOptions): Promise<JsonResponse> {
    const { url, response } = await this.#send(method, path, body, {}, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    return answerOf(method, url, response);
  }

  /** The body of a success as it comes, for as long as it does. @throws Failure, Unavailable */
  async stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { url, response } = await this.#send('GET', path, undefined, headers, signal);
    if (response.ok && response.body !== null) return response.body;
    const { status, body } = await answerOf('GET', url, response);
    throw new Failure(`GET ${url.href}: ${messageOf(body) ?? 'refused'} (${status})`);
  }

  /** Follows redirects. */
  async #send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ url: URL; response: Response }> {
    let url = new URL(`${this.baseUrl.replace(/\/+$/, '')}${path}`);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const response = await this.#fetch(method, url, body, headers, signal);
      const location = response.headers.get('location');
      if (response.status !== 307 || location === null) return { url, response };
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Unavailable(`${method} ${url.href}: redirected more than ${MOST_REDIRECTS} times, the leader is just changing`);
  }

  /** The body of a success. @throws Failure with the message of the answer when it is none; Unavailable */
  async ask<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const { status, body } = await this.request(method, path, options);
    if (status >= 400) throw new Failure(`${method} ${this.baseUrl}${path}: ${messageOf(body) ?? 'refused'} (${status})`);
    return body as T;
  }

  async #fetch(method: string, url: URL, body: unknown, more: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', ...more };
    if (this.token !== undefined) headers['authorization'] = `Bearer ${this.token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await fetch(url, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new Unavailable(`${method} ${url.href}: ${reasonOf(cause)}`, { cause });
    }
  }
}

const UNAVAILABLE = [502, 503, 504];

const answerOf = async (method: string, url: URL, response: Response): Promise<JsonResponse> => {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw new Unavailable(`${method} ${url.href}: ${reasonOf(cause)}`, { cause });
  }
  const body = parseJson(text);
  if (UNAVAILABLE.includes(response.status)) {
    throw new Unavailable(`${method} ${url.href}: ${messageOf(body) ?? 'not available'} (${response.status})`);
  }
  return { status: response.status, body };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The message of an error body: ours, or Marathon's. */
const messageOf = (body: unknown): string | undefined => {
  const { error, message, details } = (body ?? {}) as { error?: { code?: string; message?: string }; message?: string; details?: unknown };
  if (error?.message !== undefined) return error.code === undefined ? error.message : `${error.code} ${error.message}`;
  if (message === undefined) return undefined;
  return details === undefined ? message : `${message} ${JSON.stringify(details)}`;
};

const reasonOf = (error: unknown): string => {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return 'no answer in time';
  return cause?.code ?? cause?.message ?? message;
};
