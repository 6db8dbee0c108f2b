import type { Effect } from '../effects.js';
import type { DomainEvent } from '../events.js';
import type { Settings } from '../settings.js';
import { defaultSettings } from '../settings.js';
import type { Fault } from './faults.js';
import { ModelJournal, ModelLeader } from './model-allocation.js';
import { ModelBroker, type InputQueue } from './model-broker.js';
import { ModelClient } from './model-client.js';
import { ModelMesos } from './model-mesos.js';
import { ModelOfferService } from './model-offer-service.js';
import { Observer } from './observer.js';
import { Random } from './random.js';

export const simulationSettings: Settings = {
  ...defaultSettings,
  // What is given up must stay known for as long as a simulation lasts, or the observer could not tell it from a loss.
  supersededKeptSecs: 10_000_000,
  requestKeptSecs: 10_000_000,
  endedKept: { count: 100_000, secs: 10_000_000 },
  eventsKept: 100_000,
  emptyStateSecs: 60,
};

/** All the parts, and the messages between them. */
export class World {
  now = 1_000_000;
  readonly random: Random;
  readonly broker: ModelBroker;
  readonly mesos: ModelMesos;
  readonly offerService: ModelOfferService;
  readonly journal = new ModelJournal();
  readonly observer: Observer;
  readonly clients: readonly ModelClient[];
  leader: ModelLeader | undefined;
  /** Lost the election and doesn't know it yet. */
  former: ModelLeader | undefined;
  nodes = 0;
  #unansweredConfig: string | undefined;
  #configs = 0;

  constructor(
    seed: number,
    readonly fault: Fault,
  ) {
    this.random = new Random(seed);
    this.broker = new ModelBroker(this.random);
    this.mesos = new ModelMesos(this.random, () => this.now, 4);
    this.offerService = new ModelOfferService(this.mesos, this.broker, this.random);
    this.observer = new Observer(this.mesos, this.offerService, () => this.now, simulationSettings.waitAllocatedSecs * 1000);
    this.clients = ['alpha', 'beta'].map((id) => new ModelClient(id, this.random, this.broker));
  }

  /** A standby is elected and loads what is durable; whoever led goes on until it notices. */
  elect(): void {
    this.former = this.leader;
    const term = this.journal.elect();
    if (this.former !== undefined) this.former.crash(this.broker);
    const { observer } = this;
    this.leader = new ModelLeader(
      term,
      this.journal,
      simulationSettings,
      () => this.now,
      this.fault,
      (leader, event, result) => observer.onStep(leader, event, result),
    );
  }

  crash(): void {
    this.leader?.crash(this.broker);
    this.leader = undefined;
  }

  /** The next message of a queue is handled. */
  deliver(queue: InputQueue): void {
    if (this.leader === undefined) return;
    const queued = this.broker.inputs[queue].shift();
    if (queued === undefined) return;
    this.leader.handle(queued.message, { queue, message: queued.message });
  }

  tick(): void {
    const { leader } = this;
    if (leader?.wakeup !== undefined && leader.wakeup <= this.now) leader.handle({ type: 'tick' });
  }

  write(): void {
    if (this.leader !== undefined) this.leader.write(1 + this.random.below(this.leader.unwritten));
  }

  /** One effect leaves; `lost`: the way to the broker is interrupted. */
  send(leader: ModelLeader | undefined, lost: boolean): void {
    const effect = leader?.send();
    if (effect === undefined || lost) return;
    this.#carry(effect);
  }

  #carry(effect: Effect): void {
    switch (effect.type) {
      case 'hello':
        this.broker.calls.push({ message: { type: 'hello', term: effect.allocationTerm }, redelivered: false });
        return;
      case 'desired-state':
        this.broker.calls.push({ message: { type: 'desired-state', desired: effect.desiredState }, redelivered: false });
        return;
      case 'call':
        this.observer.onSent(effect.call);
        this.broker.calls.push({ message: { type: 'call', id: effect.id, call: effect.call }, redelivered: false });
        return;
      case 'reply':
        if (effect.replyTo === `http:${this.#unansweredConfig}`) this.#unansweredConfig = undefined;
        else if (!this.random.chance(0.05)) this.clients.find(({ id }) => id === effect.replyTo)?.receive(effect.inReplyTo, effect.reply);
        return;
      case 'client-event':
        for (const client of this.clients) if (this.random.chance(0.5)) client.hear(effect.event);
        return;
      case 'request-ready':
      case 'log':
        return;
    }
  }

  scale(nodes: number): void {
    if (this.leader === undefined) return;
    this.nodes = nodes;
    this.#configs += 1;
    this.#unansweredConfig = `config-${this.#configs}`;
    this.leader.handle({
      type: 'put-config',
      messageId: this.#unansweredConfig,
      config: { num_of_node: nodes, general_config: { cpu_of_node: 0.3, mem_of_node: 64 } },
    });
  }

  /** An operator whose PUT was not answered sends it again. */
  repeatConfig(): void {
    if (this.#unansweredConfig !== undefined) this.scale(this.nodes);
  }

  duplicate(queue: InputQueue): void {
    const first = this.broker.inputs[queue][0];
    if (first !== undefined) this.broker.duplicate(queue, first.message);
  }

  loseBroker(everything: boolean): void {
    // A restart of the broker closes every channel: what is unacknowledged comes again, unless it is lost.
    this.broker.restart(everything);
    this.leader?.handle({ type: 'reconnected' } satisfies DomainEvent);
  }

  check(): void {
    const { leader, journal } = this;
    this.observer.checkKnown((taskId) => (leader === undefined ? journal.records.has(`task ${taskId}`) : leader.state.tasks.has(taskId)));
  }
}
