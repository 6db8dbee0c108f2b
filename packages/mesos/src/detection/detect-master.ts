import type { Log } from '../scheduler-client-settings.js';
import type { MasterAddress } from './master-address.js';
import type { MasterLocation } from './master-location.js';

export interface DetectMasterOptions {
  readonly signal: AbortSignal;
  readonly log?: Log | undefined;
  /** Scheme of masters found through ZooKeeper. Default `http`. */
  readonly scheme?: 'http' | 'https' | undefined;
  /** Default 10,000. */
  readonly sessionTimeoutMs?: number | undefined;
}

/** The leading master each time it changes, `undefined` while there is none. Ends when `signal` aborts. */
export const detectMaster = (_address: MasterAddress, _options: DetectMasterOptions): AsyncIterable<MasterLocation | undefined> => {
  throw new Error('not built yet');
};
