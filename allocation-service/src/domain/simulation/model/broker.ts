import type { CallAnswer, SchedulerCall, DesiredState } from '@streams-on-mesos/messages';
import type { DomainEvent } from '../../events.js';
import type { Random } from './random.js';

export type ToOfferService =
  | { readonly type: 'hello'; readonly term: number }
  | { readonly type: 'desired-state'; readonly desired: DesiredState }
  | { readonly type: 'call'; readonly id: string; readonly call: SchedulerCall };

export interface Queued<T> {
  readonly message: T;
  redelivered: boolean;
}

export type InputQueue = 'offers' | 'updates' | 'answers' | 'requests';
export const inputQueues: readonly InputQueue[] = ['offers', 'updates', 'answers', 'requests'];

/** RabbitMQ as far as it can do harm: queues that are lost, messages that come again, and not in order. */
export class ModelBroker {
  readonly inputs: Record<InputQueue, Queued<DomainEvent>[]> = { offers: [], updates: [], answers: [], requests: [] };
  calls: Queued<ToOfferService>[] = [];

  constructor(readonly random: Random) {}

  publish(queue: InputQueue, message: DomainEvent): void {
    this.inputs[queue].push({ message, redelivered: false });
  }

  answer(callId: string, result: CallAnswer.Result): void {
    this.publish('answers', { type: 'call-answered', callId, result });
  }

  /** Unacknowledged messages go back to the front; some may have been acknowledged in vain or come late. */
  requeue(queue: InputQueue, messages: readonly DomainEvent[]): void {
    this.inputs[queue].unshift(...messages.map((message) => ({ message, redelivered: true })));
    if (this.random.chance(0.3)) this.swapSome(queue);
  }

  /** Redelivery breaks the order: a message may arrive after later ones. */
  swapSome(queue: InputQueue): boolean {
    const list = this.inputs[queue];
    if (list.length < 2) return false;
    const [moved] = list.splice(0, 1);
    if (moved !== undefined) list.splice(this.random.below(Math.min(4, list.length)) + 1, 0, moved);
    return true;
  }

  /** Comes again although it was handled. */
  duplicate(queue: InputQueue, message: DomainEvent): void {
    const list = this.inputs[queue];
    list.splice(this.random.below(Math.min(5, list.length + 1)), 0, { message, redelivered: true });
  }

  /** What is not durable is lost with the broker; everything is, when its disk is. */
  restart(everything: boolean): void {
    this.calls = [];
    this.inputs.offers = [];
    this.inputs.answers = [];
    if (!everything) return;
    this.inputs.updates = [];
    this.inputs.requests = [];
  }
}
