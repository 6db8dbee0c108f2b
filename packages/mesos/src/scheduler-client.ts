import type { CallResult } from './call-result.js';
import type { SchedulerCallBody } from './calls.js';
import type { SchedulerClientSettings } from './scheduler-client-settings.js';
import type { SchedulerNotice } from './scheduler-notice.js';

export class SchedulerClient {
  constructor(readonly settings: SchedulerClientSettings) {}

  /** Subscribes, and again after every loss, until `signal` aborts (ends without an error) or it must stop. Call once. */
  subscribe(_options: { readonly signal: AbortSignal }): AsyncIterable<SchedulerNotice> {
    throw new Error('not built yet');
  }

  /** Sends one call on the ordered connection of the current subscription; calls leave in the order of `call()`. Never throws for network reasons. */
  call(_call: SchedulerCallBody): Promise<CallResult> {
    throw new Error('not built yet');
  }
}
