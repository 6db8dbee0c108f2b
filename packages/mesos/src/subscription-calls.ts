import { withFrameworkId, type CallEncoder } from './call-encoder.js';
import { callResultOf, endsSubscription, unlessAborted, type CallResult } from './call-result.js';
import type { SchedulerCallBody } from './calls.js';
import type { ConnectionNumber } from './domain/subscription-state.js';
import { CallConnection, type CallAnswer, type CallConnectionOptions } from './http/call-connection.js';
import type { DisconnectCause } from './scheduler-notice.js';

export interface SubscriptionCallsOptions extends Omit<CallConnectionOptions, 'onBroken'> {
  /** Of the subscription's stream. */
  readonly connection: ConnectionNumber;
  readonly frameworkId: string;
  readonly masterVersion: string | undefined;
  readonly encoder: CallEncoder;
  /** An answer, or the lack of one, shows that the subscription cannot be used any more. */
  readonly onLost: (reason: string, cause: DisconnectCause) => void;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The calls of one subscription: in bytes as its master takes them, over one connection, in order. */
export class SubscriptionCalls {
  readonly #calls: CallConnection;

  constructor(private readonly options: SubscriptionCallsOptions) {
    this.#calls = new CallConnection({
      ...options,
      onBroken: (reason) => options.onLost(`the connection for calls broke: ${reason}`, 'calls-lost'),
    });
  }

  get connection(): ConnectionNumber {
    return this.options.connection;
  }

  /** Leaves before whatever is called after it. Never rejects. @param signal ends the wait */
  call(call: SchedulerCallBody, signal: AbortSignal | undefined): Promise<CallResult> {
    const { encoder, frameworkId, masterVersion } = this.options;
    let body: Uint8Array | undefined;
    try {
      body = encoder.encode(withFrameworkId(call, frameworkId), masterVersion);
    } catch (error) {
      return Promise.resolve({ result: 'not-sent', reason: reasonOf(error) });
    }
    if (body === undefined) return Promise.resolve({ result: 'not-sent', reason: `Mesos ${masterVersion} does not know ${call.type}` });
    // there are thousands a second, and each promise less counts
    const result = this.#calls.send(body).then((answer) => this.#resultOf(call, answer));
    return signal === undefined ? result : unlessAborted(result, signal);
  }

  /** What is on its way is `unknown` from here on, what waits is `not-sent`. */
  close(reason: string): void {
    this.#calls.close(reason);
  }

  #resultOf({ type }: SchedulerCallBody, answer: CallAnswer): CallResult {
    if (endsSubscription(answer))
      this.options.onLost(`${type ?? 'a call'} shows that the subscription is gone: ${JSON.stringify(answer)}`, 'call-answer');
    return callResultOf(answer);
  }
}
