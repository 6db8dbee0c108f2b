import type { TaskInfo, TaskState, TaskStatus } from '@streams-on-mesos/mesos';
import type { Body, CallAnswer, DesiredState, SchedulerCall, Subscription, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection } from '@streams-on-mesos/service';
import { until } from '@streams-on-mesos/local-environment';

export const FRAMEWORK_ID = 'framework-1';

export interface ReceivedCall {
  readonly id: string;
  readonly call: SchedulerCall;
}

/** Plays offer-service, and Mesos behind it, towards an allocation-service that runs. */
export class OfferServiceOnTheWire {
  readonly subscription: Subscription = { term: 1, counter: 1 };
  readonly calls: ReceivedCall[] = [];
  readonly hellos: number[] = [];
  desired: DesiredState | undefined;
  /** What calls are answered with; undefined: nothing. */
  answer: CallAnswer['result'] | undefined = 'SENT';
  #sequence = 0;
  #offers = 0;

  constructor(
    private readonly amqp: AmqpConnection,
    private readonly topology: Topology,
    signal: AbortSignal,
  ) {
    amqp.consume(
      topology.calls,
      async (delivery) => {
        const { id, hello, desired_state, call } = delivery.envelope;
        if (hello !== undefined) await this.#subscribed(hello.allocation_term);
        if (desired_state !== undefined) this.desired = desired_state;
        if (call !== undefined) await this.#called(id, call);
        delivery.ack();
      },
      { prefetch: 100, signal },
    );
  }

  get term(): number {
    return this.hellos.at(-1) ?? -1;
  }

  /** Every task that was launched, in order. */
  get launched(): TaskInfo[] {
    return this.calls.flatMap(({ call }) => call.accept?.operations ?? []).flatMap((operation) => operation.launch?.task_infos ?? []);
  }

  untilHelloAfter(term: number): Promise<unknown> {
    return until(`a hello of a term after ${term}`, 20_000, () => this.term > term);
  }

  untilWanted(): Promise<unknown> {
    return until(
      'offers are wanted',
      20_000,
      () => this.desired?.allocation_term === this.term && this.desired.roles?.some((role) => role.wanted),
    );
  }

  untilLaunched(count: number): Promise<TaskInfo[]> {
    return until(`${count} tasks are launched`, 20_000, () => (this.launched.length >= count ? this.launched : undefined), 20);
  }

  /** An offer of one agent. Returns its id. */
  async offer(agent: string, cpus = 4, mem = 4096): Promise<string> {
    this.#offers += 1;
    const id = `offer-${this.#offers}`;
    const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, allocation_info: { role: '*' } });
    await this.#publish('offers', {
      offers: {
        subscription: this.subscription,
        allocation_term: this.term,
        offers: [
          {
            id: { value: id },
            framework_id: { value: FRAMEWORK_ID },
            agent_id: { value: agent },
            hostname: `${agent}.example`,
            allocation_info: { role: '*' },
            resources: [scalar('cpus', cpus), scalar('mem', mem)],
          },
        ],
      },
    });
    return id;
  }

  async status(task: TaskInfo, state: TaskState, more: Partial<TaskStatus> = {}): Promise<void> {
    this.#sequence += 1;
    const status: TaskStatus = {
      task_id: task.task_id,
      agent_id: task.agent_id,
      state,
      source: 'SOURCE_EXECUTOR',
      timestamp: Date.now() / 1000,
      uuid: Buffer.from(`uuid-${this.#sequence}`).toString('base64'),
      ...more,
    };
    await this.#publish('updates', { update: { subscription: this.subscription, sequence: this.#sequence, status } });
  }

  async #subscribed(term: number): Promise<void> {
    this.hellos.push(term);
    await this.#publish('offers', { subscribed: { subscription: this.subscription, framework_id: FRAMEWORK_ID, answers_term: term } });
  }

  async #called(id: string, call: SchedulerCall): Promise<void> {
    this.calls.push({ id, call });
    if (this.answer === undefined) return;
    await this.#publish('answers', { call_answer: { call_id: id, allocation_term: call.allocation_term, result: this.answer } });
  }

  async #publish(queue: 'offers' | 'updates' | 'answers', body: Body): Promise<void> {
    await this.amqp.publish(this.topology[queue], body);
  }
}
