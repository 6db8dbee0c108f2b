import type { Offer, TaskInfo, TaskStatus } from '@streams-on-mesos/mesos';
import type { Allocate, ClientEvent, DesiredState, Reply, Resource, SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect } from '../effects.js';
import type { DomainEvent, RequestBody } from '../events.js';
import { loadState, nextWakeup, step } from '../machine.js';
import type { Change, Json, State } from '../model.js';
import type { Settings } from '../settings.js';
import { defaultSettings } from '../settings.js';
import { listResources } from '../views/list-resources.js';
import { allocateBody, status } from './builders.js';

type Question = Extract<Effect, { type: 'ask-hook' }>['question'];
type CallEffect = Extract<Effect, { type: 'call' }>;

/** Tells a story to the machine, one event after the other, on a clock of its own, and says what came of it. */
export class Scenario {
  now = 1_000_000;
  term = 0;
  state: State;
  /** The durable state: what `restart` begins with. */
  readonly records = new Map<string, Change>();
  /** What the last step wrote. */
  written: readonly Change[] = [];
  /** All effects since the last `forget`. */
  effects: Effect[] = [];
  subscription = { term: 1, counter: 1 };
  frameworkId = 'framework-1';
  readonly #settings: Settings;
  #sequence = 0;
  #messages = 0;

  constructor(settings: Partial<Settings> = {}) {
    this.#settings = { ...defaultSettings, ...settings };
    this.state = loadState([], this.#settings, this.now);
  }

  /** Leads and is subscribed: the usual beginning. */
  static leading(settings: Partial<Settings> = {}): Scenario {
    return new Scenario(settings).restart().subscribe();
  }

  send(event: DomainEvent): this {
    const result = step(this.state, event, this.now);
    this.written = result.changes;
    for (const change of result.changes) {
      const key = `${change.table} ${change.key}`;
      if (change.value === null) this.records.delete(key);
      else this.records.set(key, JSON.parse(JSON.stringify(change)) as Change);
    }
    this.effects.push(...result.effects);
    return this;
  }

  /** Another leader takes over from what is durable. */
  restart(): this {
    this.state = loadState(this.records.values(), this.#settings, this.now);
    this.term += 1;
    return this.send({ type: 'leading', term: this.term });
  }

  /** The answer to the hello of this term. */
  subscribe(): this {
    const { subscription, frameworkId, term } = this;
    return this.send({ type: 'subscribed', subscription, frameworkId, answersTerm: term });
  }

  /** A new subscription to Mesos, announced and greeted. */
  resubscribe(): this {
    this.send({ type: 'unsubscribed', subscription: this.subscription });
    this.subscription = { ...this.subscription, counter: this.subscription.counter + 1 };
    const { subscription, frameworkId } = this;
    return this.send({ type: 'subscribed', subscription, frameworkId });
  }

  /** Time passes, with every tick that falls into it. */
  wait(secs: number): this {
    const end = this.now + secs * 1000;
    for (let next = nextWakeup(this.state); next !== undefined && next <= end; next = nextWakeup(this.state)) {
      this.now = Math.max(this.now, next);
      this.send({ type: 'tick' });
    }
    this.now = end;
    return this;
  }

  /** Fresh offers; a hello that is still open is answered before. */
  offers(...offers: Offer[]): this {
    if (this.state.leader.connected && !this.state.leader.greeted) this.subscribe();
    return this.send({ type: 'offers', subscription: this.subscription, allocationTerm: this.term, offers });
  }

  status(taskId: string, taskState: TaskStatus['state'], more: Partial<TaskStatus> = {}): this {
    this.#sequence += 1;
    return this.send({
      type: 'update',
      subscription: this.subscription,
      sequence: this.#sequence,
      status: status(taskId, taskState, more),
    });
  }

  ask(body: RequestBody, more: { deadlineMs?: number } = {}): Reply {
    this.#messages += 1;
    const messageId = `message-${this.#messages}`;
    this.send({ type: 'request', messageId, replyTo: 'asker', traceId: messageId, body, ...more });
    return this.#replyTo(messageId);
  }

  allocate(more: Partial<Allocate> = {}): Reply {
    return this.ask({ kind: 'allocate', allocate: allocateBody(more) });
  }

  settle(requestId = 'request-1', clientId = 'client-1'): Reply {
    return this.ask({ kind: 'settle', settle: { client_id: clientId, request_id: requestId } });
  }

  release(ids: string[], clientId = 'client-1'): Reply {
    return this.ask({ kind: 'release', release: { client_id: clientId, request_id: 'release', resource_ids: ids } });
  }

  cancel(ids: string[], clientId = 'client-1'): Reply {
    return this.ask({ kind: 'cancel', cancel: { client_id: clientId, request_id: 'cancel', resource_ids: ids } });
  }

  events(after: number, clientId?: string): Reply.Events {
    const body = { after, ...(clientId === undefined ? {} : { client_id: clientId }) };
    return this.ask({ kind: 'read_events', read_events: body }).events ?? { sequence: -1 };
  }

  putNodes(count: number, size?: { cpu_of_node?: number; mem_of_node?: number }): Reply {
    this.#messages += 1;
    const messageId = `message-${this.#messages}`;
    const config = { num_of_node: count, ...(size === undefined ? {} : { general_config: size }) };
    this.send({ type: 'put-config', messageId, config });
    return this.#replyTo(messageId);
  }

  adoptUnknownTasks(): this {
    this.#messages += 1;
    return this.send({ type: 'adopt-unknown-tasks', messageId: `message-${this.#messages}` });
  }

  killUnknownTasks(): this {
    this.#messages += 1;
    return this.send({ type: 'kill-unknown-tasks', messageId: `message-${this.#messages}` });
  }

  #replyTo(messageId: string): Reply {
    const reply = this.effects.find((effect) => effect.type === 'reply' && effect.inReplyTo === messageId);
    if (reply?.type !== 'reply') throw new Error(`no reply to ${messageId}`);
    return reply.reply;
  }

  /** What happened before no longer interests. */
  forget(): this {
    this.effects = [];
    return this;
  }

  resource(number: number): Resource {
    const found = listResources(this.state).find(({ id }) => id === `resource_${number}`);
    if (found === undefined) throw new Error(`no resource_${number}`);
    return found;
  }

  get calls(): CallEffect[] {
    return this.effects.filter((effect) => effect.type === 'call');
  }

  #bodies<K extends keyof SchedulerCall>(kind: K): NonNullable<SchedulerCall[K]>[] {
    return this.calls.flatMap(({ call }) => call[kind] ?? []) as NonNullable<SchedulerCall[K]>[];
  }

  get accepts(): SchedulerCall.Accept[] {
    return this.#bodies('accept');
  }

  get launched(): TaskInfo[] {
    return this.accepts.flatMap((accept) => (accept.operations ?? []).flatMap((operation) => operation.launch?.task_infos ?? []));
  }

  get declined(): string[] {
    return this.#bodies('decline').flatMap((decline) => decline.offer_ids ?? []);
  }

  get killed(): string[] {
    return this.#bodies('kill').map((kill) => kill.task_id);
  }

  /** The tasks asked for, call by call; an empty list is an implicit reconciliation. */
  get reconciled(): string[][] {
    return this.#bodies('reconcile').map((reconcile) => (reconcile.tasks ?? []).map((task) => task.task_id));
  }

  /** What streams-bridges were asked, in order. */
  get questions(): Question[] {
    return this.effects.flatMap((effect) => (effect.type === 'ask-hook' ? [effect.question] : []));
  }

  get clientEvents(): ClientEvent[] {
    return this.effects.flatMap((effect) => (effect.type === 'client-event' ? [effect.event] : []));
  }

  get ready(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'request-ready' ? [effect.requestId] : []));
  }

  get desired(): DesiredState | undefined {
    return this.effects.flatMap((effect) => (effect.type === 'desired-state' ? [effect.desiredState] : [])).at(-1);
  }

  get hellos(): number {
    return this.effects.filter((effect) => effect.type === 'hello').length;
  }

  record(table: string, key: string): Json | undefined {
    return this.records.get(`${table} ${key}`)?.value;
  }
}
