import { performance } from 'node:perf_hooks';
import { CallEncoder } from './call-encoder.js';
import type { CallResult } from './call-result.js';
import type { SchedulerCallBody } from './calls.js';
import type { Codec } from './codec/codec.js';
import { codecOf } from './codec/codec-of.js';
import { detectMaster } from './detection/detect-master.js';
import { parseMasterAddress, type MasterAddress } from './detection/master-address.js';
import {
  initialSubscription,
  type SubscriptionEffect,
  type SubscriptionEvent,
  type SubscriptionState,
} from './domain/subscription-state.js';
import { nextSubscriptionWakeup, stepSubscription } from './domain/subscription.js';
import { harmlessLog } from './harmless-log.js';
import { SubscribeStream } from './http/subscribe-stream.js';
import { NoticeQueue } from './notice-queue.js';
import { defaultRecordLimitBytes } from './record-io.js';
import type { Log, SchedulerClientSettings } from './scheduler-client-settings.js';
import type { DisconnectCause, SchedulerNotice } from './scheduler-notice.js';
import { subscribeCall } from './subscribe-call.js';
import { SubscriptionCalls } from './subscription-calls.js';

/** Events, and their bytes on the wire, waiting for the user, above which the stream is not read on. */
const MAX_WAITING_NOTICES = 1_000;
const DEFAULT_MAX_WAITING_BYTES = 8 * 1024 * 1024;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A framework's side of the Mesos v1 scheduler API: one subscription that comes back after every loss, and the calls that belong to it. */
export class SchedulerClient {
  readonly #settings: SchedulerClientSettings;
  readonly #address: MasterAddress;
  readonly #codec: Codec;
  readonly #encoder: CallEncoder;
  readonly #log: Log;
  readonly #detection = new AbortController();
  readonly #notices: NoticeQueue;
  #state: SubscriptionState;
  #stream: { readonly connection: number; readonly stream: SubscribeStream } | undefined;
  /** Of the subscription that holds. */
  #calls: SubscriptionCalls | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When it goes off; Infinity while there is none. */
  #timerDue = Infinity;
  #started = false;

  /**
   * @throws MasterAddressError
   * @throws MessageError naming the field of the framework info that is wrong
   */
  constructor(settings: SchedulerClientSettings) {
    this.#settings = settings;
    this.#address = parseMasterAddress(settings.master, settings.scheme);
    this.#codec = codecOf(settings.encoding ?? 'protobuf');
    this.#log = harmlessLog(settings.log);
    this.#notices = new NoticeQueue({
      maxNotices: MAX_WAITING_NOTICES,
      maxBytes: settings.maxWaitingBytes ?? DEFAULT_MAX_WAITING_BYTES,
      onFull: () => this.#stream?.stream.pause(),
      onRoom: () => this.#stream?.stream.resume(),
    });
    this.#encoder = new CallEncoder(this.#codec, this.#log);
    this.#codec.encodeCall(subscribeCall(settings, settings.frameworkId));
    this.#state = initialSubscription(
      {
        backoff: { firstMs: settings.backoff?.firstMs ?? 500, maxMs: settings.backoff?.maxMs ?? 15_000 },
        missedHeartbeats: settings.missedHeartbeats ?? 5,
        subscribeTimeoutMs: settings.subscribeTimeoutMs ?? 30_000,
        onFrameworkRemoved: settings.onFrameworkRemoved ?? 'stop',
      },
      settings.frameworkId,
    );
  }

  /** `waiting` for a leader or for the next attempt, `subscribing`, `subscribed` or `stopped`; with the URL of the master that leads, as far as known. */
  get status(): {
    readonly phase: SubscriptionState['phase']['kind'];
    readonly master: string | undefined;
    readonly frameworkId: string | undefined;
  } {
    const { phase, leader, frameworkId } = this.#state;
    const master = phase.kind === 'subscribing' || phase.kind === 'subscribed' ? phase.master : leader;
    return { phase: phase.kind, master: master?.url, frameworkId };
  }

  /** How far its user is behind the master: events read and not taken, and milliseconds since the last sign of life, while subscribed. */
  get lag(): { readonly waitingEvents: number; readonly silentMs: number | undefined } {
    const { phase } = this.#state;
    const silentMs = phase.kind === 'subscribed' ? performance.now() - phase.lastEventAt : undefined;
    return { waitingEvents: this.#notices.length, silentMs };
  }

  /**
   * Subscribes, and again after every loss, until `signal` aborts (ends without an error) or it must stop: another instance
   * took over, or the framework was removed. Call it once. Leaving the loop ends the subscription; the tasks stay.
   */
  async *subscribe({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<SchedulerNotice, void, undefined> {
    if (this.#started) throw new Error('subscribe() can be called once; make another SchedulerClient');
    this.#started = true;
    const stop = () => {
      this.#feed({ type: 'stop' });
      this.#notices.clear();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      else void this.#followLeader();
      for await (const { notice } of this.#notices) yield notice;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /**
   * Sends one call on the ordered connection of the subscription that the loop over `subscribe()` was last told of; calls leave in
   * the order of `call()`. Never throws: a call that is not of Mesos's form is `not-sent`, and says which field is wrong.
   * @param options.signal ends the wait, not the call: one that is on its way is `unknown` then
   */
  call(call: SchedulerCallBody, { signal }: { readonly signal?: AbortSignal } = {}): Promise<CallResult> {
    if (signal?.aborted === true) return Promise.resolve({ result: 'not-sent', reason: 'aborted' });
    const calls = this.#calls;
    if (calls === undefined || calls.connection !== this.#notices.toldOf)
      return Promise.resolve({ result: 'not-sent', reason: 'not subscribed' });
    return calls.call(call, signal);
  }

  async #followLeader(): Promise<void> {
    const { scheme, tls, zookeeperSessionTimeoutMs } = this.#settings;
    const options = { signal: this.#detection.signal, log: this.#log, scheme, tls, sessionTimeoutMs: zookeeperSessionTimeoutMs };
    for await (const leader of detectMaster(this.#address, options)) {
      this.#log('info', leader === undefined ? 'no leading master is known' : 'a master leads', { master: leader?.url });
      this.#feed({ type: 'leader', leader });
    }
  }

  #lose(connection: number, reason: string, cause?: DisconnectCause): void {
    this.#feed({ type: 'lost', connection, reason, ...(cause && { cause }) });
  }

  #feed(event: SubscriptionEvent): void {
    const step = stepSubscription(this.#state, event, { now: performance.now(), random: Math.random() });
    this.#state = step.state;
    for (const effect of step.effects) this.#do(effect);
    this.#setTimer();
  }

  /** Each event puts off what is due; the timer is left as it is then, and set anew when it comes too early. */
  #setTimer(): void {
    const due = nextSubscriptionWakeup(this.#state) ?? Infinity;
    if (due >= this.#timerDue && due < Infinity) return;
    clearTimeout(this.#timer);
    this.#timerDue = due;
    if (due === Infinity) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(due - performance.now())));
    // After a time in which this process did not run, what has arrived meanwhile is read before the clock is asked.
    this.#timer = setTimeout(() => setImmediate(() => this.#tick()), wait);
  }

  #tick(): void {
    this.#timerDue = Infinity;
    if (this.#notices.isFull && this.#stream !== undefined) this.#feed({ type: 'alive', connection: this.#stream.connection });
    this.#feed({ type: 'tick' });
  }

  #do(effect: SubscriptionEffect): void {
    switch (effect.type) {
      case 'subscribe':
        return this.#subscribe(effect.connection, effect.url, effect.frameworkId);
      case 'close':
        this.#stream?.stream.close();
        this.#stream = undefined;
        this.#calls?.close('the subscription ended');
        this.#calls = undefined;
        return;
      case 'notify':
        if (effect.notice.kind === 'subscribed') this.#subscribed(effect.connection, effect.notice);
        this.#notices.push(effect.connection, effect.notice, effect.bytes);
        return;
      case 'log':
        return this.#log(effect.level, effect.message, effect.fields);
      case 'end':
        this.#detection.abort();
        return this.#notices.end();
    }
  }

  #subscribe(connection: number, url: string, frameworkId: string | undefined): void {
    const { credentials, tls, recordLimitBytes = defaultRecordLimitBytes } = this.#settings;
    try {
      const { phase } = this.#state;
      const version = phase.kind === 'subscribing' ? phase.master.masterInfo?.version : undefined;
      const body = this.#encoder.encode(subscribeCall(this.#settings, frameworkId), version) ?? new Uint8Array();
      const stream = new SubscribeStream(
        { url, codec: this.#codec, body, credentials, tls, recordLimitBytes },
        {
          onOpened: (streamId) => this.#feed({ type: 'opened', connection, streamId }),
          onEvent: (event, bytes) => this.#feed({ type: 'event', connection, event, bytes }),
          onRefused: (status, redirect, text) => this.#feed({ type: 'refused', connection, status, redirect, text }),
          onLost: (reason, tlsProblem) => this.#feed({ type: 'lost', connection, reason, tlsProblem }),
        },
      );
      this.#stream = { connection, stream };
    } catch (error) {
      // Roles or constraints that are asked anew each time can be wrong this time.
      setImmediate(() => this.#lose(connection, `could not make the SUBSCRIBE call: ${reasonOf(error)}`));
    }
  }

  #subscribed(connection: number, notice: SchedulerNotice & { readonly kind: 'subscribed' }): void {
    const { phase } = this.#state;
    if (phase.kind !== 'subscribed') return;
    const { credentials, tls, callTimeoutMs = 30_000, maxUnansweredCalls = 32 } = this.#settings;
    this.#calls = new SubscriptionCalls({
      connection,
      frameworkId: notice.frameworkId,
      masterVersion: notice.masterInfo?.version,
      encoder: this.#encoder,
      onLost: (reason, cause) => this.#lose(connection, reason, cause),
      url: phase.master.url,
      mediaType: this.#codec.mediaType,
      streamId: notice.streamId,
      credentials,
      tls,
      timeoutMs: callTimeoutMs,
      maxUnanswered: maxUnansweredCalls,
    });
  }
}
