import type { DesiredState, SchedulerCall } from '@streams-on-mesos/messages';
import type { ModelBroker, ToOfferService } from './broker.js';
import type { ModelMesos } from './mesos.js';
import type { MesosEvent } from './mesos-event.js';
import type { Random } from './random.js';

/** offer-service by its contract: the leader of it, whichever instance that is. */
export class ModelOfferService {
  subscription = { term: 1, counter: 0 };
  connected = false;
  /** What ZooKeeper's watch told last. */
  allocationTerm = 0;
  /** Offers handed over, and to which term. */
  readonly handedTo = new Map<string, number>();
  #open = new Set<string>();
  #sequence = 0;
  #roles: DesiredState['roles'] = [];
  #latest = { term: 0, revision: 0, reviveCounter: 0 };

  constructor(
    readonly mesos: ModelMesos,
    readonly broker: ModelBroker,
    readonly random: Random,
  ) {}

  subscribe(): boolean {
    this.subscription = { ...this.subscription, counter: this.subscription.counter + 1 };
    this.connected = true;
    this.#sequence = 0;
    this.#open.clear();
    const { subscription } = this;
    this.mesos.subscribe((event) => {
      if (subscription === this.subscription) this.#onEvent(event);
    });
    this.broker.publish('offers', { type: 'subscribed', subscription, frameworkId: this.mesos.frameworkId });
    this.mesos.allocator.setRoles(this.#roles);
    return true;
  }

  disconnected(): boolean {
    if (!this.connected) return false;
    this.connected = false;
    this.mesos.disconnect();
    this.broker.publish('offers', { type: 'unsubscribed', subscription: this.subscription });
    return true;
  }

  /** Another instance takes over, knowing only the framework id. */
  crash(): boolean {
    this.connected = false;
    this.mesos.disconnect();
    this.subscription = { term: this.subscription.term + 1, counter: 0 };
    this.#roles = [];
    this.#latest = { term: 0, revision: 0, reviveCounter: 0 };
    for (const queued of this.broker.calls.slice(0, 3)) queued.redelivered = true;
    return true;
  }

  /** It dies between sending a call and answering it: the next instance gets the call again. */
  crashUnderCall(): boolean {
    const message = this.broker.calls[0]?.message;
    if (message === undefined) return false;
    if (message.type === 'call' && this.#mayCarryOut(message.call)) this.mesos.call(message.call);
    return this.crash();
  }

  #mayCarryOut(call: SchedulerCall): boolean {
    const { term, counter } = call.subscription;
    return (
      this.connected &&
      call.allocation_term === this.allocationTerm &&
      term === this.subscription.term &&
      counter === this.subscription.counter
    );
  }

  #onEvent(event: MesosEvent): void {
    const { subscription } = this;
    switch (event.type) {
      case 'offers':
        for (const { id } of event.offers) {
          this.handedTo.set(id.value, this.allocationTerm);
          this.#open.add(id.value);
        }
        this.broker.publish('offers', { type: 'offers', subscription, allocationTerm: this.allocationTerm, offers: event.offers });
        return;
      case 'rescind':
        this.#open.delete(event.offerId);
        this.broker.publish('offers', { type: 'rescinds', subscription, offerIds: [event.offerId] });
        return;
      case 'inverse-offers':
        this.broker.publish('offers', { type: 'inverse-offers', subscription, inverseOffers: event.inverseOffers });
        return;
      case 'rescind-inverse-offer':
        this.broker.publish('offers', { type: 'rescinded-inverse-offers', subscription, inverseOfferIds: [event.inverseOfferId] });
        return;
      case 'failure':
        this.broker.publish('offers', { type: 'failure', subscription, agentId: event.agentId });
        return;
      case 'update':
        this.#sequence += 1;
        this.broker.publish('updates', { type: 'update', subscription, sequence: this.#sequence, status: event.status });
        // Mesos hears nothing if this fails after the publish, and sends the update again.
        if (event.status.uuid !== undefined && !this.random.chance(0.03))
          this.mesos.acknowledge(event.status.task_id.value, event.status.uuid);
        return;
    }
  }

  /** Handles the next message of allocation-service; `lose`: the connection to Mesos breaks under a call. */
  handleNext(lose: boolean): boolean {
    const queued = this.broker.calls.shift();
    if (queued === undefined) return false;
    const { message } = queued;
    if (message.type === 'hello') this.#onHello(message.term);
    else if (message.type === 'desired-state') this.#onDesired(message);
    else this.#onCall(message.id, message.call, queued.redelivered, lose);
    return true;
  }

  #onHello(term: number): void {
    if (term !== this.allocationTerm) return;
    if (!this.connected) return;
    this.mesos.call({ allocation_term: term, subscription: this.subscription, decline: { offer_ids: [...this.#open], refuse_seconds: 0 } });
    this.#open.clear();
    this.broker.publish('offers', {
      type: 'subscribed',
      subscription: this.subscription,
      frameworkId: this.mesos.frameworkId,
      answersTerm: term,
    });
    const inverseOffers = this.mesos.maintenance.unanswered;
    if (inverseOffers.length > 0) this.broker.publish('offers', { type: 'inverse-offers', subscription: this.subscription, inverseOffers });
  }

  #onDesired({ desired }: Extract<ToOfferService, { type: 'desired-state' }>): void {
    const { allocation_term: term, revision, revive_counter: reviveCounter } = desired;
    if (term !== this.allocationTerm || (term === this.#latest.term && revision <= this.#latest.revision)) return;
    const revived = term !== this.#latest.term || reviveCounter > this.#latest.reviveCounter;
    this.#roles = desired.roles;
    this.#latest = { term, revision, reviveCounter };
    if (!this.connected) return;
    this.mesos.allocator.setRoles(desired.roles);
    if (revived) this.mesos.allocator.revive();
  }

  #onCall(id: string, call: SchedulerCall, redelivered: boolean, lose: boolean): void {
    const { subscription } = call;
    const isCurrent = subscription.term === this.subscription.term && subscription.counter === this.subscription.counter;
    if (redelivered || call.allocation_term !== this.allocationTerm || !isCurrent) this.broker.answer(id, 'UNKNOWN');
    else if (!this.connected) this.broker.answer(id, 'NOT_SENT');
    else if (lose) {
      if (this.random.chance(0.5)) this.mesos.call(call);
      this.broker.answer(id, 'UNKNOWN');
      this.disconnected();
    } else {
      this.mesos.call(call);
      for (const offerId of [...(call.accept?.offer_ids ?? []), ...(call.decline?.offer_ids ?? [])]) this.#open.delete(offerId);
      this.broker.answer(id, 'SENT');
    }
  }
}
