import type { Subscription } from '@streams-on-mesos/messages';
import type { DomainEvent, UpdateEvent } from '../../events.js';
import { compareSubscriptions } from '../../positions.js';
import { InvariantError } from './invariant-error.js';

/** What one leader was told about a task, in the order in which it counts. */
interface Heard {
  subscription: Subscription;
  sequence: number;
  readySince: number | undefined;
}

/** No ALLOCATED before its task has been running and ready for long enough, by what this one leader was told. */
export class DelayWatch {
  readonly #heard = new Map<string, Heard>();
  #subscription: Subscription | undefined;

  constructor(
    readonly now: () => number,
    readonly waitAllocatedMs: number,
    readonly hasHealthCheck: (taskId: string) => boolean,
  ) {}

  onEvent(event: DomainEvent): void {
    const before = this.#subscription;
    if (event.type === 'subscribed' && (before === undefined || compareSubscriptions(event.subscription, before) > 0))
      this.#subscription = event.subscription;
    if (event.type === 'unsubscribed' && compareSubscriptions(event.subscription, before ?? event.subscription) === 0)
      this.#subscription = undefined;
    if (event.type === 'update') this.#onUpdate(event);
  }

  #onUpdate({ subscription, sequence, status }: UpdateEvent): void {
    const id = status.task_id.value;
    const before = this.#heard.get(id);
    if (before !== undefined && (compareSubscriptions(subscription, before.subscription) || sequence - before.sequence) <= 0) return;
    const isReady = status.state === 'TASK_RUNNING' && (status.healthy ?? !this.hasHealthCheck(id));
    this.#heard.set(id, { subscription, sequence, readySince: isReady ? (before?.readySince ?? this.now()) : undefined });
  }

  checkAllocated(id: string, taskId: string | undefined): void {
    const heard = this.#heard.get(taskId ?? '');
    if (this.#subscription === undefined) throw new InvariantError(`${id} is ALLOCATED without a subscription`);
    if (heard?.readySince === undefined) throw new InvariantError(`${id} is ALLOCATED though its task does not run or is not ready`);
    const waited = this.now() - heard.readySince;
    if (waited < this.waitAllocatedMs) throw new InvariantError(`${id} is ALLOCATED after ${waited} ms`);
    if (compareSubscriptions(heard.subscription, this.#subscription) !== 0)
      throw new InvariantError(`${id} is ALLOCATED by a status of a former subscription`);
  }
}
