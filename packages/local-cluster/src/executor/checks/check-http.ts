// A check that asks by HTTP, as curl -s -S -L -k does (src/checks/checker_process.cpp, httpCheckCommand).
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { formatDuration } from '../../durations/format-duration.js';

/** curl's --max-redirs. */
const MOST_REDIRECTS = 50;

const ask = (url: URL, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = { signal, agent: false, headers: { Accept: '*/*', 'User-Agent': 'curl' } } as const;
    const request =
      url.protocol === 'https:' ? getHttps(url, { ...options, rejectUnauthorized: false }, resolve) : getHttp(url, options, resolve);
    request.once('error', reject);
  });

/** Only an answer that came whole counts. */
const drained = (response: IncomingMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    response.once('end', resolve);
    response.once('error', reject);
    response.once('close', () => reject(new Error('curl exited with status 18: the answer was cut')));
    response.resume();
  });

/** @returns the last answer's status code. @throws when there was none in time */
export async function checkHttp(url: string, timeoutMs: number, stopped: AbortSignal): Promise<number> {
  const timeout = new AbortController();
  const late = new Error(`curl timed out after ${formatDuration(timeoutMs)}`);
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => timeout.abort(late), timeoutMs) : undefined;
  const signal = AbortSignal.any([stopped, timeout.signal]);
  try {
    let next = new URL(url);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const response = await ask(next, signal);
      await drained(response);
      const { statusCode = 0, headers } = response;
      if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return statusCode;
      next = new URL(headers.location, next);
      if (next.protocol !== 'http:' && next.protocol !== 'https:') throw new Error(`curl exited with status 1: Protocol ${next.protocol}`);
    }
    throw new Error(`curl exited with status 47: Maximum (${MOST_REDIRECTS}) redirects followed`);
  } catch (error) {
    throw timeout.signal.aborted ? late : error;
  } finally {
    clearTimeout(timer);
  }
}
