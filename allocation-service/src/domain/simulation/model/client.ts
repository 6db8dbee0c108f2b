import type { Allocate, ClientEvent, Reply } from '@streams-on-mesos/messages';
import type { Theme } from '../actions/themes.js';
import type { RequestBody } from '../../events.js';
import { InvariantError } from '../invariants/invariant-error.js';
import type { ModelBroker } from './broker.js';
import type { Random } from './random.js';
import { isDemanding, randomAllocate } from './wishes.js';

interface ModelRequest {
  readonly allocate: Allocate;
  ids: readonly string[] | undefined;
  settled: string | undefined;
}

/**
 * A streams-bridge with one Streams client: asks, repeats what was not answered, and believes what it is told. It
 * complains when it is told two things.
 */
export class ModelClient {
  readonly requests = new Map<string, ModelRequest>();
  /** Told to be allocated, by settle or event. */
  readonly told = new Set<string>();
  readonly revoked = new Set<string>();
  /** Given back, perhaps not yet heard. */
  readonly returned = new Set<string>();
  readonly #unanswered = new Map<string, RequestBody>();
  readonly #events = new Map<number, string>();
  /** The maintenance that it was told of last, by resource. */
  readonly #warned = new Map<string, string>();
  #cursor = 0;
  #messages = 0;
  #asked = 0;

  constructor(
    readonly id: string,
    readonly random: Random,
    readonly broker: ModelBroker,
    readonly now: () => number,
    readonly theme: Theme,
  ) {}

  get waiting(): number {
    return this.#unanswered.size;
  }

  get resources(): string[] {
    return [...this.requests.values()].flatMap((request) => request.ids ?? []);
  }

  /** How many resources it asked for and has not given back. */
  get wanted(): number {
    let count = -this.returned.size;
    for (const { allocate } of this.requests.values()) count += allocate.count;
    return count;
  }

  get held(): string[] {
    return [...this.told].filter((id) => !this.revoked.has(id) && !this.returned.has(id)).sort();
  }

  /** Nobody asks for ever without an answer. */
  get #asksEnough(): boolean {
    return this.#unanswered.size > 8;
  }

  #ask(body: RequestBody): void {
    this.#messages += 1;
    const messageId = `${this.id}-${this.#messages}`;
    this.#unanswered.set(messageId, body);
    this.#publish(messageId, body);
  }

  #publish(messageId: string, body: RequestBody): void {
    this.broker.publish('requests', { type: 'request', messageId, replyTo: this.id, traceId: messageId, body });
  }

  /** Nobody answered: the same question again, as the same message or another one. */
  repeat(): boolean {
    const [first] = this.#unanswered;
    if (first === undefined) return false;
    if (this.random.chance(0.5)) this.#publish(...first);
    else {
      this.#unanswered.delete(first[0]);
      this.#ask(first[1]);
    }
    return true;
  }

  allocate(): boolean {
    if (this.wanted >= 8) return false;
    this.#asked += 1;
    const allocate = randomAllocate(this.random, this.id, this.#asked, this.now(), this.theme);
    this.requests.set(allocate.request_id, { allocate, ids: undefined, settled: undefined });
    this.#ask({ kind: 'allocate', allocate });
    return true;
  }

  settle(): boolean {
    if (this.#asksEnough) return false;
    const known = [...this.requests.values()].filter(({ ids }) => ids !== undefined);
    const open = known.filter(({ settled }) => settled === undefined);
    const request = this.random.pick(open.length > 0 && this.random.chance(0.7) ? open : known);
    return request !== undefined && this.#settle(request);
  }

  #settle({ allocate }: ModelRequest): boolean {
    this.#ask({ kind: 'settle', settle: { client_id: this.id, request_id: allocate.request_id } });
    return true;
  }

  giveBack(all: boolean): boolean {
    const kept = this.resources.filter((id) => !this.returned.has(id));
    return this.#giveBack(all ? kept : kept.filter(() => this.random.chance(0.5)));
  }

  /** Gives back one of those, if it asked for it. */
  giveBackThose(are: (id: string) => boolean): boolean {
    return this.#giveBack(this.resources.filter((id) => !this.returned.has(id) && are(id)).slice(0, 1));
  }

  #giveBack(chosen: readonly string[]): boolean {
    if (chosen.length === 0) return false;
    for (const id of chosen) this.returned.add(id);
    const ids = { client_id: this.id, request_id: `back-${this.#messages}`, resource_ids: [...chosen] };
    const pending = chosen.some((id) => !this.told.has(id)) && this.random.chance(0.5);
    if (pending) this.#ask({ kind: 'cancel', cancel: ids });
    else this.#ask({ kind: 'release', release: ids });
    return true;
  }

  /** Gives back what asked for more than the usual, so that there is room for the others. */
  makeRoom(): void {
    const demanding = [...this.requests.values()].filter(({ allocate }) => isDemanding(allocate));
    this.#giveBack(demanding.flatMap(({ ids }) => ids ?? []).filter((id) => !this.returned.has(id)));
  }

  validateStop(): boolean {
    if (this.#asksEnough) return false;
    this.#ask({ kind: 'validate_stop', validate_stop: { client_id: this.id, force: this.random.chance(0.3) } });
    return true;
  }

  query(): boolean {
    if (this.#asksEnough) return false;
    this.#ask({ kind: 'query_resources', query_resources: { client_id: this.id } });
    return true;
  }

  readEvents(): boolean {
    if (this.#asksEnough) return false;
    this.#ask({ kind: 'read_events', read_events: { client_id: this.id, after: this.#cursor } });
    return true;
  }

  receive(messageId: string, reply: Reply): void {
    const body = this.#unanswered.get(messageId);
    if (body === undefined) return;
    this.#unanswered.delete(messageId);
    if (reply.error !== undefined) {
      this.#onError(body, reply.error);
      return;
    }
    if (body.kind === 'allocate') this.#onAllocated(body.allocate.request_id, reply);
    else if (body.kind === 'settle') this.#onSettled(body.settle.request_id, reply);
    else if (body.kind === 'read_events') this.#onEvents(reply.events);
  }

  /** Only two things may be refused: to go away while resources are in use, and a deadline that has passed on the way. */
  #onError(body: RequestBody, error: Reply.Error): void {
    if (body.kind === 'validate_stop' && error.code === 'CONFLICT') return;
    const isLate = body.kind === 'allocate' && error.field === 'place_by_ms' && (body.allocate.place_by_ms ?? Infinity) <= this.now();
    if (!isLate) throw new InvariantError(`${this.id} got ${JSON.stringify(error)} to ${JSON.stringify(body)}`);
    this.requests.delete(body.allocate.request_id);
  }

  #onAllocated(requestId: string, reply: Reply): void {
    const request = this.requests.get(requestId);
    const ids = (reply.resources?.resources ?? []).map(({ id }) => id);
    if (request === undefined) return;
    if (ids.length !== request.allocate.count) throw new InvariantError(`${this.id} ${requestId} got ${ids.length} resources`);
    if (request.ids !== undefined && request.ids.join() !== ids.join())
      throw new InvariantError(`${this.id} ${requestId} got other resources: ${ids.join()}`);
    const isFirst = request.ids === undefined;
    request.ids = ids;
    if (isFirst && this.random.chance(this.theme.eager)) this.#settle(request);
  }

  #onSettled(requestId: string, reply: Reply): void {
    const request = this.requests.get(requestId);
    if (request === undefined || reply.settled === undefined) return;
    const outcomes = reply.settled.outcomes ?? [];
    const answer = JSON.stringify([reply.settled.sequence, outcomes.map(({ resource, allocated }) => [resource.id, allocated])]);
    if (request.settled !== undefined && request.settled !== answer)
      throw new InvariantError(`${this.id} ${requestId} settled twice: ${request.settled}, ${answer}`);
    request.settled = answer;
    for (const { resource, allocated } of outcomes) if (allocated) this.told.add(resource.id);
  }

  #onEvents(events: Reply.Events | undefined): void {
    if (events === undefined) return;
    if (events.snapshot !== undefined) throw new InvariantError(`${this.id} was told that events after ${this.#cursor} are lost`);
    for (const event of events.events ?? []) {
      this.hear(event);
      if (event.kind === 'REVOKE_IMMINENT' && event.sequence > this.#cursor) this.#onWarned(event);
    }
    this.#cursor = events.sequence;
  }

  /** Once for each window: the same twice in a row says nothing new. */
  #onWarned({ resources: [resource] = [] }: ClientEvent): void {
    const window = JSON.stringify(resource?.maintenance);
    if (resource === undefined || this.#warned.get(resource.id) === window)
      throw new InvariantError(`${this.id} was told again that ${resource?.id} is to be maintained: ${window}`);
    this.#warned.set(resource.id, window);
  }

  /** An event or a copy of one. */
  hear(event: ClientEvent): void {
    if (event.client_id !== this.id) return;
    const [resource] = event.resources ?? [];
    const text = `${event.kind} ${resource?.id}`;
    const before = this.#events.get(event.sequence);
    if (before !== undefined && before !== text) throw new InvariantError(`event ${event.sequence} is ${text} and was ${before}`);
    this.#events.set(event.sequence, text);
    if (resource === undefined) return;
    if (event.kind === 'ALLOCATED') this.told.add(resource.id);
    else if (event.kind !== 'REVOKE_IMMINENT') this.revoked.add(resource.id);
  }
}
