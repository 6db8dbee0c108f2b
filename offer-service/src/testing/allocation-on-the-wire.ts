import { randomUUID } from 'node:crypto';
import { until } from '@streams-on-mesos/local-environment';
import type { Offer, TaskInfo } from '@streams-on-mesos/mesos';
import type {
  CallAnswer,
  DesiredState,
  Envelope,
  SchedulerCall,
  Subscribed,
  Subscription,
  Topology,
  Update,
} from '@streams-on-mesos/messages';
import { campaign, frameworkPaths, type AmqpConnection, type Logger, type ZooKeeperConnection } from '@streams-on-mesos/service';

/** Plays the leader of allocation-service towards an offer-service that runs. */
export class AllocationOnTheWire {
  readonly subscribed: Subscribed[] = [];
  readonly offers: Offer[] = [];
  readonly updates: Update[] = [];
  readonly answers: CallAnswer[] = [];
  readonly rescinded: string[] = [];
  readonly unsubscribed: Subscription[] = [];
  term = -1;
  #revision = 0;
  readonly #over = new AbortController();

  constructor(
    private readonly amqp: AmqpConnection,
    private readonly topology: Topology,
  ) {
    const options = { prefetch: 100, signal: this.#over.signal };
    for (const queue of [topology.offers, topology.updates, topology.answers])
      amqp.consume(
        queue,
        (delivery) => {
          this.#take(delivery.envelope);
          delivery.ack();
        },
        options,
      );
  }

  /** Wins the election in ZooKeeper, says hello, and waits until that is answered. */
  async lead(zookeeper: ZooKeeperConnection, frameworkName: string, logger: Logger): Promise<void> {
    const { signal } = this.#over;
    void campaign({
      zookeeper,
      path: frameworkPaths(frameworkName).leaders('allocation-service'),
      instance: 'allocation-on-the-wire',
      logger,
      signal,
      lead: async (leadership) => {
        this.term = leadership.term;
        await new Promise<void>((resolve) => leadership.signal.addEventListener('abort', () => resolve()));
      },
    });
    await until('allocation-service leads', 10_000, () => this.term >= 0, 20);
    await this.hello();
  }

  async hello(): Promise<Subscribed> {
    const before = this.subscribed.length;
    await this.amqp.publish(this.topology.calls, { hello: { allocation_term: this.term } });
    return until('hello is answered', 30_000, () => this.subscribed.slice(before).find((each) => each.answers_term === this.term), 20);
  }

  /** Wants the role, or not, and of which agents; in place of all that was desired before. */
  desire(wanted: boolean, { role = '*', ...more }: Partial<DesiredState.Role> = {}): Promise<void> {
    return this.desireRoles({ role, wanted, ...more });
  }

  async desireRoles(...roles: DesiredState.Role[]): Promise<void> {
    this.#revision += 1;
    const desired = { allocation_term: this.term, revision: this.#revision, roles, revive_counter: 0 };
    await this.amqp.publish(this.topology.calls, { desired_state: desired });
  }

  /** Sends a call and waits for its answer. */
  async call(body: Omit<SchedulerCall, 'allocation_term' | 'subscription'>, more: Partial<SchedulerCall> = {}): Promise<CallAnswer> {
    const id = `${this.term}-${randomUUID()}`;
    const subscription = this.subscription;
    await this.amqp.publish(this.topology.calls, { call: { allocation_term: this.term, subscription, ...body, ...more } }, { id });
    return until(`an answer to ${Object.keys(body)[0]}`, 15_000, () => this.answers.find((answer) => answer.call_id === id), 20);
  }

  get subscription(): Subscription {
    const last = this.subscribed.at(-1);
    if (last === undefined) throw new Error('no subscription was announced');
    return last.subscription;
  }

  /** Waits for an offer that came after `seen` others. */
  offer(seen = 0): Promise<Offer> {
    return until('an offer', 20_000, () => this.offers[seen], 20);
  }

  launch(offer: Offer, task: TaskInfo): Promise<CallAnswer> {
    return this.call({
      accept: { offer_ids: [offer.id.value], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }], refuse_seconds: 1 },
    });
  }

  statesOf(taskId: string): string[] {
    return this.updates.filter(({ status }) => status.task_id.value === taskId).map(({ status }) => status.state);
  }

  untilState(taskId: string, state: string, withinMs = 20_000): Promise<Update> {
    return until(
      `${taskId} is ${state}`,
      withinMs,
      () => this.updates.find(({ status }) => status.task_id.value === taskId && status.state === state),
      20,
    );
  }

  /** Gives leadership up and consumes no more. */
  end(): void {
    this.#over.abort();
  }

  #take({ subscribed, unsubscribed, offers, rescinds, update, call_answer: answer }: Envelope): void {
    if (subscribed !== undefined) this.subscribed.push(subscribed);
    if (unsubscribed !== undefined) this.unsubscribed.push(unsubscribed.subscription);
    if (offers !== undefined) this.offers.push(...(offers.offers ?? []));
    if (rescinds !== undefined) this.rescinded.push(...(rescinds.offer_ids ?? []));
    if (update !== undefined) this.updates.push(update);
    if (answer !== undefined) this.answers.push(answer);
  }
}

/** A task of an offer's agent that takes little of it. */
export const taskOf = (offer: Offer, id: string, command: string): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: offer.agent_id,
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ],
  command: { shell: true, value: command },
});
