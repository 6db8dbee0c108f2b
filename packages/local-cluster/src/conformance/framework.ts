// A framework on the bare wire, as a case uses it: acknowledges what it is told unless asked not to, and is torn down at the end.
import type { Call, Event, FrameworkInfo, Offer, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import { NotSeenError, type Answer, type Subscription, type WireClient } from '../testing/wire-client.js';
import { expectEqual, fail, notRun } from './expect.js';
import { unreservedScalar } from './offers.js';
import { isTerminal } from './task-states.js';
import type { TaskDraft } from './tasks.js';

export interface FrameworkSettings {
  readonly client: WireClient;
  readonly subscription: Subscription;
  readonly info: FrameworkInfo;
  readonly id: string;
  readonly acknowledges: boolean;
  readonly patienceMs: number;
  /** Why an offer that does not come may be nobody's fault; undefined: somebody's. */
  readonly whyNoOffer: (frameworkId: string) => Promise<string | undefined>;
}

export type StatusTest = TaskState | ((status: TaskStatus) => boolean);

/** Enough for a few tasks of a case. */
const ENOUGH = { cpus: 0.5, mem: 160 };
/** Other events may follow what was waited for at once; what does not come within this is taken not to come. */
const SILENCE_MS = 700;

export class Framework {
  readonly id: string;
  readonly info: FrameworkInfo;
  readonly subscription: Subscription;
  private acknowledged = 0;
  private readonly usedOffers = new Set<string>();
  private fences = 0;

  constructor(private readonly settings: FrameworkSettings) {
    this.id = settings.id;
    this.info = settings.info;
    this.subscription = settings.subscription;
    if (settings.acknowledges) void this.acknowledgeAll();
  }

  get events(): readonly Event[] {
    return this.subscription.events;
  }

  /** Any call, whatever comes of it. */
  call(body: Partial<Call>, streamId = this.subscription.streamId): Promise<Answer> {
    return this.settings.client.call({ framework_id: { value: this.id }, ...body }, streamId);
  }

  /** A call that Mesos takes (202). */
  async send(body: Partial<Call>): Promise<void> {
    const { status, body: text } = await this.call(body);
    expectEqual(`the answer to ${body.type ?? 'a call'}`, { status, text }, { status: 202, text: '' });
  }

  until<T>(what: string, find: (events: readonly Event[]) => T | undefined, ms = this.settings.patienceMs): Promise<T> {
    return this.subscription.until(what, find, ms);
  }

  /** Offers that have come, rescinded or not. */
  offers(): Offer[] {
    return this.events.flatMap(({ offers }) => offers?.offers ?? []);
  }

  isRescinded(offer: Offer): boolean {
    return this.events.some(({ rescind }) => rescind?.offer_id.value === offer.id.value);
  }

  /** What a case needs to begin with: an offer that was not used yet and that is large enough. */
  async offer(accepts: (offer: Offer) => boolean = () => true): Promise<Offer> {
    try {
      return await this.nextOffer('an offer', accepts);
    } catch (error) {
      if (!(error instanceof NotSeenError)) throw error;
      // A cluster whose agents are all free and that offers nothing is at fault.
      const why = await this.settings.whyNoOffer(this.id);
      return why === undefined ? fail(error.message) : notRun(why);
    }
  }

  /** What the case is about: that there is an offer (now). */
  async expectOffer(what: string, accepts: (offer: Offer) => boolean = () => true): Promise<Offer> {
    return this.offer(accepts).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ExpectationError') error.message = `${what}: ${error.message}`;
      throw error;
    });
  }

  /** That none comes, as long as is worth waiting for. */
  async expectNoOffer(what: string, accepts: (offer: Offer) => boolean = () => true, ms = SILENCE_MS): Promise<void> {
    const offer = await this.nextOffer(what, accepts, ms).catch(() => undefined);
    if (offer !== undefined) fail(`${what}: offer ${offer.id.value} came nevertheless`);
  }

  async launch(tasks: readonly TaskDraft[], given?: Offer): Promise<Offer> {
    const offer = given ?? (await this.offer());
    await this.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: tasks.map((task) => on(offer, task)) } }]);
    return offer;
  }

  accept(offers: readonly Offer[], operations: Offer.Operation[], refuseSeconds = 0): Promise<void> {
    return this.acceptIds(
      offers.map(({ id }) => id.value),
      operations,
      refuseSeconds,
    );
  }

  acceptIds(offerIds: readonly string[], operations: Offer.Operation[], refuseSeconds = 0): Promise<void> {
    const offer_ids = offerIds.map((value) => ({ value }));
    return this.send({ type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds: refuseSeconds } } });
  }

  decline(offers: readonly Offer[], refuseSeconds?: number): Promise<void> {
    const filters = refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } };
    return this.send({ type: 'DECLINE', decline: { offer_ids: offers.map(({ id }) => id), ...filters } });
  }

  statuses(taskId: string): TaskStatus[] {
    return this.events.flatMap(({ update }) => (update?.status.task_id.value === taskId ? [update.status] : []));
  }

  states(taskId: string): TaskState[] {
    return this.statuses(taskId).map(({ state }) => state);
  }

  status(taskId: string, accepts: StatusTest, ms?: number): Promise<TaskStatus> {
    const fits = typeof accepts === 'string' ? ({ state }: TaskStatus) => state === accepts : accepts;
    const what = `task ${taskId}, ${typeof accepts === 'string' ? accepts : 'a status'} (came: ${this.states(taskId).join(', ')})`;
    return this.until(what, () => this.statuses(taskId).find(fits), ms);
  }

  /** The status that ends the task. */
  end(taskId: string, ms?: number): Promise<TaskStatus> {
    return this.status(taskId, ({ state }) => isTerminal(state), ms);
  }

  /** Launches one task and waits for its end. */
  async run(task: TaskDraft, given?: Offer): Promise<TaskStatus> {
    await this.launch([task], given);
    return this.end(task.task_id.value);
  }

  /** The answer to a reconciliation of one task; undefined: there was none. */
  async reconcile(taskId: string, agentId?: string): Promise<TaskStatus> {
    const seen = this.statuses(taskId).length;
    const asked = { task_id: { value: taskId }, ...(agentId === undefined ? {} : { agent_id: { value: agentId } }) };
    await this.send({ type: 'RECONCILE', reconcile: { tasks: [asked] } });
    return this.until(`the reconciliation of ${taskId}`, () =>
      this.statuses(taskId)
        .slice(seen)
        .find(({ reason }) => reason === 'REASON_RECONCILIATION'),
    );
  }

  acknowledge({ agent_id, task_id, uuid }: TaskStatus): Promise<void> {
    if (agent_id === undefined || uuid === undefined) return fail(`the status of ${task_id.value} can't be acknowledged`);
    return this.send({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  /** Waits until what the master had to say of the calls so far is here. */
  async fence(): Promise<void> {
    this.fences += 1;
    // No answer: an agent is still awaited after the master's start.
    await this.reconcile(`fence-${this.fences}`).catch(() => undefined);
  }

  private async nextOffer(what: string, accepts: (offer: Offer) => boolean, ms?: number): Promise<Offer> {
    const offer = await this.until(
      what,
      () => this.offers().find((one) => !this.usedOffers.has(one.id.value) && !this.isRescinded(one) && isEnough(one) && accepts(one)),
      ms,
    );
    this.usedOffers.add(offer.id.value);
    return offer;
  }

  private async acknowledgeAll(): Promise<void> {
    while (!this.subscription.isClosed) {
      const event = await this.subscription
        .until('more', (events) => (this.subscription.isClosed ? null : events[this.acknowledged]), 600_000)
        .catch(() => null);
      if (event === null) return;
      this.acknowledged += 1;
      if (event.update?.status.uuid !== undefined) await this.acknowledge(event.update.status).catch(() => undefined);
    }
  }
}

export const on = (offer: Offer, task: TaskDraft): TaskInfo => ({ ...task, agent_id: offer.agent_id });

const isEnough = (offer: Offer): boolean => unreservedScalar(offer, 'cpus') >= ENOUGH.cpus && unreservedScalar(offer, 'mem') >= ENOUGH.mem;
