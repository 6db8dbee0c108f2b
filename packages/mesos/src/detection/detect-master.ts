import { AsyncQueue } from '../async-queue.js';
import type { TlsSettings } from '../http/tls.js';
import type { Log } from '../scheduler-client-settings.js';
import { detectFromList } from './list-detector.js';
import type { MasterAddress } from './master-address.js';
import type { MasterLocation } from './master-location.js';
import { detectByZooKeeper } from './zookeeper-detector.js';

export interface DetectMasterOptions {
  readonly signal: AbortSignal;
  readonly log?: Log | undefined;
  /** Scheme of masters found through ZooKeeper. Default `http`. */
  readonly scheme?: 'http' | 'https' | undefined;
  /** For asking masters of a list that speak https. */
  readonly tls?: TlsSettings | undefined;
  /** Of ZooKeeper. Default 10,000. */
  readonly sessionTimeoutMs?: number | undefined;
  /** Between two questions to the masters of a list. Default 2,000. */
  readonly listIntervalMs?: number | undefined;
}

const always = (location: MasterLocation, signal: AbortSignal): AsyncIterable<MasterLocation> => {
  const queue = new AsyncQueue<MasterLocation>();
  queue.push(location);
  if (signal.aborted) queue.end();
  else signal.addEventListener('abort', () => queue.end(), { once: true });
  return queue;
};

/**
 * The leading master, each time that it changes; `undefined` while there is none or nobody can tell. Ends when `signal` aborts.
 *
 * Through ZooKeeper a change is seen at once. A list is asked (`GET /redirect`) every few seconds. A single URL is taken for
 * the leader's: should it not be, it answers a subscription with a redirect.
 */
export const detectMaster = (address: MasterAddress, options: DetectMasterOptions): AsyncIterable<MasterLocation | undefined> => {
  const { signal, log = () => undefined, scheme = 'http', tls, sessionTimeoutMs = 10_000, listIntervalMs = 2_000 } = options;
  switch (address.kind) {
    case 'zookeeper':
      return detectByZooKeeper(address, { signal, log, scheme, sessionTimeoutMs });
    case 'list':
      return detectFromList(address.urls, { signal, log, tls, intervalMs: listIntervalMs });
    case 'url':
      return always({ url: address.url }, signal);
  }
};
