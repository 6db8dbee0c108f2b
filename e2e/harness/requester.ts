import { randomUUID } from 'node:crypto';
import type { BridgeClient, Descriptor, DescriptorState } from './bridge-client.js';

const RETRY_MS = 500;

/** Asks like Streams: an answer that did not come is asked for again, under the same request id, until it comes. */
export class Requester {
  /** Resources that it was told it has, or is to get, and has not given back. */
  readonly held = new Map<string, Descriptor>();
  /** Resources that an answer or a notification said are ALLOCATED. */
  readonly allocated = new Set<string>();
  readonly revoked: string[] = [];
  /** What it was told in contradiction to what it was told before. */
  readonly contradictions: string[] = [];
  #sequence = 0;

  constructor(
    readonly bridge: BridgeClient,
    /** Aborted: nobody waits for answers any more. */
    readonly signal: AbortSignal,
  ) {}

  async allocate(count: number): Promise<void> {
    const requestId = randomUUID();
    const states = await this.#untilAnswered(() => this.bridge.allocate({ requestId, count, type: 'FLEXIBLE' }));
    for (const answer of states) this.#onAnswer(answer);
  }

  #onAnswer({ state, descriptor }: DescriptorState): void {
    const id = descriptor.nativeResourceId;
    this.held.set(id, descriptor);
    if (state === 'ALLOCATED') this.allocated.add(id);
    if (this.revoked.includes(id)) this.contradictions.push(`${id} was revoked and is ${state}`);
  }

  async giveBack(descriptors: readonly Descriptor[]): Promise<void> {
    await this.#untilAnswered(() => this.bridge.release(descriptors));
    for (const { nativeResourceId: id } of descriptors) this.held.delete(id);
  }

  async readNotifications(): Promise<void> {
    for (const { seq, method, descriptors } of await this.#untilAnswered(() => this.bridge.notifications(this.#sequence))) {
      this.#sequence = Math.max(this.#sequence, seq);
      for (const { nativeResourceId: id } of descriptors) this.#onNotification(method, id);
    }
  }

  #onNotification(method: string, id: string): void {
    if (method === 'resourcesAllocated') {
      if (this.allocated.has(id)) this.contradictions.push(`${id} was allocated twice`);
      if (this.revoked.includes(id)) this.contradictions.push(`${id} was revoked and is allocated`);
      this.allocated.add(id);
    } else if (method === 'resourcesRevoked') {
      if (this.revoked.includes(id)) this.contradictions.push(`${id} was revoked twice`);
      if (!this.allocated.has(id)) this.contradictions.push(`${id} was revoked and never allocated`);
      this.revoked.push(id);
    }
  }

  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (this.signal.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
