import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../scheduler-client-settings.js';
import type { TlsSettings } from '../http/tls.js';
import { connectionFailure, type TlsProblem } from '../http/connection-failure.js';
import { redirectTarget } from '../http/redirect-target.js';
import type { MasterLocation } from './master-location.js';

export interface ListDetectorOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly tls?: TlsSettings | undefined;
  /** Between two questions. */
  readonly intervalMs: number;
}

const ANSWER_WITHIN_MS = 5_000;

/** Where one master says that the leader is: `GET /redirect` answers 307, or 503 while nobody leads (src/master/http.cpp). */
const askForLeader = (master: string, signal: AbortSignal, tls: TlsSettings | undefined): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const send = master.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(
      `${master}/redirect`,
      { agent: false, ...tls, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) },
      (response) => {
        response.resume();
        const location = response.headers.location;
        resolve(response.statusCode === 307 && location !== undefined ? redirectTarget(location, master) : undefined);
        request.destroy();
      },
    );
    request.on('error', reject);
    request.end();
  });

/** Asks the masters in turn who leads, and keeps asking whoever answered last. */
export async function* detectFromList(
  masters: readonly string[],
  { signal, log, tls, intervalMs }: ListDetectorOptions,
): AsyncGenerator<MasterLocation | undefined, void, undefined> {
  let published: { readonly url: string | undefined } | undefined;
  let first = 0;
  /** By index: what time does not mend is told of once. */
  const problems = new Map<number, TlsProblem | undefined>();
  while (!signal.aborted) {
    let leader: string | undefined;
    for (let tried = 0; tried < masters.length && leader === undefined && !signal.aborted; tried++) {
      const index = (first + tried) % masters.length;
      try {
        leader = await askForLeader(masters[index]!, signal, tls);
        if (leader !== undefined) first = index;
      } catch (error) {
        const { reason, tlsProblem } = connectionFailure(error, masters[index]!.startsWith('https:') ? 'https' : 'http');
        const isNews = tlsProblem !== undefined && problems.get(index) !== tlsProblem;
        problems.set(index, tlsProblem);
        const fields = { master: masters[index], error: reason, ...(tlsProblem && { tlsProblem }) };
        log(isNews ? 'warn' : 'debug', 'a master of the list does not answer', fields);
      }
    }
    if (signal.aborted) return;
    if (published === undefined || published.url !== leader) {
      published = { url: leader };
      yield leader === undefined ? undefined : { url: leader };
    }
    await delay(leader === undefined ? Math.min(intervalMs, 1_000) : intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
