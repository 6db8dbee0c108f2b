import type { Effect } from '../effects.js';
import type { ScalingConfig } from '../scaling/scaling-config.js';
import type { Fault } from './planted-faults.js';
import type { Theme } from './actions/themes.js';
import { Coverage, crashPointNames } from './coverage.js';
import { ModelLeader } from './model/allocation.js';
import { ModelBroker, type InputQueue } from './model/broker.js';
import { ModelBridge } from './model/bridge.js';
import { ModelClient } from './model/client.js';
import { ModelJournal } from './model/journal.js';
import { ModelMesos } from './model/mesos.js';
import { ModelOfferService } from './model/offer-service.js';
import { Observer } from './observer.js';
import { Random } from './model/random.js';
import { simulationSettings } from './simulation-settings.js';

/** All the parts, and the messages between them. */
export class World {
  now = 1_000_000;
  readonly random: Random;
  readonly broker: ModelBroker;
  readonly mesos: ModelMesos;
  readonly offerService: ModelOfferService;
  readonly journal: ModelJournal;
  readonly coverage = new Coverage();
  readonly observer: Observer;
  readonly clients: readonly ModelClient[];
  readonly bridge: ModelBridge;
  /** Everything that was broken is mended. */
  isCalm = false;
  leader: ModelLeader | undefined;
  /** Lost the election and doesn't know it yet. */
  former: ModelLeader | undefined;
  #config: ScalingConfig | undefined;
  #unansweredConfig: string | undefined;
  #operations = 0;

  constructor(
    seed: number,
    readonly fault: Fault,
    theme: Theme,
  ) {
    this.random = new Random(seed);
    this.journal = new ModelJournal(fault.fenced ?? true);
    this.broker = new ModelBroker(this.random);
    this.mesos = new ModelMesos(this.random, () => this.now, 4);
    this.offerService = new ModelOfferService(this.mesos, this.broker, this.random);
    const waits = {
      allocatedMs: simulationSettings.waitAllocatedSecs * 1000,
      supersededMs: simulationSettings.supersededKeptSecs * 1000,
      avoidedMs: simulationSettings.avoidedAgentSecs * 1000,
    };
    this.observer = new Observer(this.mesos, this.offerService, this.coverage, () => this.now, waits);
    this.bridge = new ModelBridge(this.mesos, this.broker, this.random, () => this.now);
    this.clients = ['alpha', 'beta'].map((id) => new ModelClient(id, this.random, this.broker, () => this.now, theme));
  }

  /** A standby is elected and loads what is durable; whoever led goes on until it notices, with its channels closed. */
  elect(): boolean {
    this.former = this.leader;
    const term = this.journal.elect();
    this.former?.loseChannels(this.broker);
    const { observer, coverage } = this;
    this.leader = new ModelLeader(
      term,
      this.journal,
      simulationSettings,
      () => this.now,
      this.fault,
      (leader, event) => {
        if (leader.term === this.journal.term) observer.beforeStep(leader, event);
      },
      (leader, event, result, leaving) => {
        if (leader.term === this.journal.term) observer.onStep(leader, event, result, leaving);
      },
      (timer) => coverage.count('timer', timer),
    );
    return true;
  }

  crash(): boolean {
    if (this.leader === undefined) return false;
    for (const name of crashPointNames(this.leader.crashPoint)) this.coverage.count('crash', name);
    this.leader.loseChannels(this.broker);
    this.leader = undefined;
    return true;
  }

  /** Whoever led and has not noticed that another one does: it must not be able to write. */
  writeAsFormer(): boolean {
    const { former } = this;
    if (former === undefined || former.unwritten === 0) return false;
    const written = former.write(1);
    this.coverage.count('two leaders', written ? 'the former wrote' : 'the former was refused');
    if (!written) this.former = undefined;
    return true;
  }

  tickFormer(): boolean {
    if (this.former?.wakeup === undefined || this.former.wakeup > this.now) return false;
    this.former.handle({ type: 'tick' });
    return true;
  }

  /** The next message of a queue is handled. */
  deliver(queue: InputQueue): boolean {
    if (this.leader === undefined) return false;
    const queued = this.broker.inputs[queue].shift();
    if (queued === undefined) return false;
    if (queued.redelivered) this.coverage.count('message', 'redelivered');
    this.leader.handle(queued.message, { queue, message: queued.message });
    return true;
  }

  tick(): boolean {
    const { leader } = this;
    if (leader?.wakeup === undefined || leader.wakeup > this.now) return false;
    leader.handle({ type: 'tick' });
    return true;
  }

  write(): boolean {
    if (this.leader === undefined || this.leader.unwritten === 0) return false;
    return this.leader.write(1 + this.random.below(this.leader.unwritten));
  }

  /** One effect leaves; `lost`: the way to the broker is interrupted. */
  send(leader: ModelLeader | undefined, lost: boolean): boolean {
    const effect = leader?.send();
    if (effect === undefined) return false;
    if (!lost) this.#carry(effect);
    return true;
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
      case 'ask-hook':
        this.bridge.ask(effect.question, effect.deadlineMs);
        return;
      case 'request-ready':
      case 'log':
        return;
    }
  }

  scale(config: ScalingConfig): boolean {
    if (this.leader === undefined) return false;
    this.#config = config;
    this.#unansweredConfig = this.#operation('config');
    this.leader.handle({ type: 'put-config', messageId: this.#unansweredConfig, config });
    return true;
  }

  /** A question is on its way to a bridge, or its answer back. */
  get isAskingBridges(): boolean {
    return this.bridge.isAsked || this.broker.inputs.answers.length > 0;
  }

  /** How many an operator wants; without his word as many as were adopted. */
  get nodes(): number {
    return this.#config?.num_of_node ?? this.leader?.state.scaling?.num_of_node ?? 0;
  }

  /** An operator whose PUT was not answered sends it again. */
  repeatConfig(): boolean {
    return this.#unansweredConfig !== undefined && this.#config !== undefined && this.scale(this.#config);
  }

  /** What an operator says of tasks that no record knows. */
  decideOnUnknownTasks(type: 'kill-unknown-tasks' | 'adopt-unknown-tasks'): boolean {
    if (this.leader === undefined) return false;
    // Mostly when there is something to decide on.
    if (this.leader.state.leader.unknownTasks.size === 0 && this.random.chance(0.9)) return false;
    this.leader.handle({ type, messageId: this.#operation(type) });
    return true;
  }

  /** An operator has repaired an agent. */
  returnAgent(): boolean {
    const agent = this.random.pick(this.mesos.agents);
    if (this.leader === undefined || agent === undefined) return false;
    this.leader.handle({ type: 'return-agent', messageId: this.#operation('return-agent'), agentId: agent.id });
    return true;
  }

  #operation(what: string): string {
    this.#operations += 1;
    return `${what}-${this.#operations}`;
  }

  duplicate(queue: InputQueue): boolean {
    const first = this.broker.inputs[queue][0];
    if (first !== undefined) this.broker.duplicate(queue, first.message);
    return first !== undefined;
  }

  loseBroker(everything: boolean): boolean {
    this.leader?.loseChannels(this.broker);
    // A restart of the broker closes every channel: what is unacknowledged comes again, unless it is lost.
    this.broker.restart(everything);
    this.leader?.handle({ type: 'reconnected' });
    return true;
  }

  check(): void {
    const { leader, journal } = this;
    this.observer.checkKnown((taskId) => (leader === undefined ? journal.records.has(`task ${taskId}`) : leader.state.tasks.has(taskId)));
  }
}
