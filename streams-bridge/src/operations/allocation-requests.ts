import type { Allocate, Reply } from '@streams-on-mesos/messages';
import type { ClientEventCopies } from '../amqp/client-event-copies.js';
import { hasEnded } from '../domain/resource-state.js';
import type { AskAllocation } from './ask-allocation.js';

/** How often a waiting request is sent again, which makes allocation-service repeat a hint that may have been lost. */
const RECHECK_MS = 5_000;

/**
 * Allocates, waits, settles. The wait is only about when the answer is given: what each resource is called in it, ALLOCATED or
 * PENDING, is fixed by allocation-service in one write, so a repeated request gets the same answer from any instance.
 */
export class AllocationRequests {
  readonly #ask: AskAllocation;
  readonly #copies: Pick<ClientEventCopies, 'requestReady'>;
  readonly #signal: AbortSignal;
  readonly #inHand = new Map<string, Promise<Reply.Settled>>();

  constructor(ask: AskAllocation, copies: Pick<ClientEventCopies, 'requestReady'>, signal: AbortSignal) {
    this.#ask = ask;
    this.#copies = copies;
    this.#signal = signal;
  }

  /** A request that is in hand already is joined. @throws ProtocolError */
  allocate(request: Allocate, waitMs: number | undefined): Promise<Reply.Settled> {
    const key = JSON.stringify(request);
    const inHand = this.#inHand.get(key);
    if (inHand !== undefined) return inHand;
    const settled = this.#allocate(request, waitMs).finally(() => this.#inHand.delete(key));
    this.#inHand.set(key, settled);
    return settled;
  }

  async #allocate(request: Allocate, waitMs: number | undefined): Promise<Reply.Settled> {
    const { client_id, request_id } = request;
    const endsAt = waitMs === undefined ? Infinity : Date.now() + waitMs;
    for (;;) {
      // Listening before asking: resources that are ready between the two are heard of.
      const listening = this.#copies.requestReady(client_id, request_id);
      try {
        const { resources } = await this.#ask({ allocate: request }, request_id);
        if (isSettled(resources)) break;
        const left = Math.max(0, endsAt - Date.now());
        const heard = await listening.within(Math.min(left, RECHECK_MS), this.#signal);
        if (heard === 'heard' || Date.now() >= endsAt) break;
      } finally {
        listening.stop();
      }
    }
    const { settled } = await this.#ask({ settle: { client_id, request_id } }, request_id);
    return settled ?? { outcomes: [], sequence: 0 };
  }
}

/** Nothing is left to wait for. */
const isSettled = ({ resources = [] }: Reply.Resources = {}): boolean =>
  resources.every((resource) => resource.request_state !== 'REQUEST_NEW' || hasEnded(resource));
