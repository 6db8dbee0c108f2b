/** An answer that is no success. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  constructor(
    readonly status: number,
    readonly body: string,
    what: string,
  ) {
    super(`${what}: ${status} ${body}`);
  }
}

export const requestJson = async <T>(method: string, url: string, body?: unknown, timeoutMs = 60_000): Promise<T> => {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new HttpFailure(response.status, text, `${method} ${url}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
};
