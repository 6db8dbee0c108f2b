import {
  accept,
  acknowledge,
  decline,
  kill,
  parseMasterAddress,
  reconcile,
  revive,
  SchedulerClient,
  suppress,
  teardown,
  type SchedulerCallBody,
  type SchedulerClientSettings,
  type SchedulerNotice,
} from '@streams-on-mesos/mesos';
import { withTlsRemedy } from '@streams-on-mesos/service';
import type { ExecutionPlan } from '../domain/execute/execution-plan.js';
import { newExecution, type ExecutionEffect, type ExecutionEvent, type ExecutionState } from '../domain/execute/execution-state.js';
import { happeningText } from '../domain/execute/happenings.js';
import { stepExecution } from '../domain/execute/step-execution.js';
import { Failure } from '../failure.js';
import type { Output } from '../output.js';

export interface ExecutionSettings {
  readonly plan: ExecutionPlan;
  readonly client: Omit<SchedulerClientSettings, 'log' | 'onFrameworkRemoved'>;
  readonly output: Output;
  /** Its abort is the user's interruption: the tasks are killed before the end. */
  readonly signal: AbortSignal;
}

/** Answers to SUBSCRIBE that will be the same the next time; a master that starts or does not lead gives others (src/master/http.cpp). */
const LASTING_REFUSALS = new Set([400, 401, 403, 415]);

/** Runs the plan until its tasks have ended, and removes the framework. */
class ExecutionRun {
  readonly #settings: ExecutionSettings;
  readonly #client: SchedulerClient;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #over = new AbortController();
  #state: ExecutionState;
  /** The calls of the last step and, at the end, the teardown. */
  #lastCall: Promise<unknown> = Promise.resolve();
  #failure: string | undefined;

  constructor(settings: ExecutionSettings) {
    this.#settings = settings;
    this.#state = newExecution(settings.plan);
    this.#client = new SchedulerClient({
      ...settings.client,
      onFrameworkRemoved: 'stop',
      log: (level, message, fields) => {
        if (level === 'warn' || level === 'error') this.#warned(message, fields ?? {});
      },
    });
  }

  /** @throws Failure when the tasks did not all finish */
  async run(): Promise<void> {
    const { signal } = this.#settings;
    const interrupt = () => this.#feed({ type: 'interrupted' });
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      this.#sayWhereTheMasterIsSought();
      this.#feed({ type: 'started' });
      if (signal.aborted) interrupt();
      for await (const notice of this.#client.subscribe({ signal: this.#over.signal })) this.#notice(notice);
      await this.#lastCall;
    } finally {
      signal.removeEventListener('abort', interrupt);
      for (const timer of this.#timers) clearTimeout(timer);
    }
    if (this.#failure !== undefined) throw new Failure(this.#failure);
  }

  /** A ZooKeeper that does not answer is told of only when its session would have ended. */
  #sayWhereTheMasterIsSought(): void {
    const address = parseMasterAddress(this.#settings.client.master);
    if (address.kind !== 'zookeeper') return;
    this.#settings.output.progress(`waiting for ZooKeeper at ${address.connectString} to say which master leads (${address.path})`);
  }

  #notice(notice: SchedulerNotice): void {
    switch (notice.kind) {
      case 'subscribed':
        return this.#feed({ type: 'subscribed', frameworkId: notice.frameworkId });
      case 'disconnected':
        // The log has told of it.
        return;
      case 'framework-removed':
        return this.#feed({ type: 'refused', reason: `the framework was removed, and its tasks with it: ${notice.reason}` });
      case 'failed-over':
        return this.#feed({ type: 'refused', reason: `another process took the framework over: ${notice.reason}` });
      case 'event': {
        const { offers, update } = notice.event;
        if (offers !== undefined) this.#feed({ type: 'offers', offers: offers.offers ?? [] });
        if (update !== undefined) this.#feed({ type: 'status', status: update.status });
      }
    }
  }

  #warned(message: string, fields: Readonly<Record<string, unknown>>): void {
    const { reason, status, error, tlsProblem, remedy } = withTlsRemedy(fields);
    const text = [message, reason, remedy].filter((part) => typeof part === 'string').join(': ');
    // of a list only one master has it, and one that ends looks as if it spoke https
    const lastingTls = tlsProblem !== undefined && reason !== undefined && tlsProblem !== 'perhaps-tls';
    const lastingError = error !== undefined && tlsProblem === undefined;
    const lasting = lastingTls || lastingError || (typeof status === 'number' && LASTING_REFUSALS.has(status));
    this.#feed({ type: lasting ? 'refused' : 'not-subscribed', reason: text });
  }

  #feed(event: ExecutionEvent): void {
    const { state, effects } = stepExecution(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: ExecutionEffect): void {
    switch (effect.type) {
      case 'accept':
        void this.#client.call(accept([effect.offerId], [effect.operation])).then((result) => this.#feed({ type: 'accepted', result }));
        return;
      case 'alarm':
        return this.#alarm(effect);
      case 'tell':
        return this.#settings.output.event(effect.happening, () => happeningText(effect.happening));
      case 'note':
        return this.#settings.output.progress(effect.text);
      case 'end':
        this.#failure = effect.failure;
        this.#lastCall = this.#leave();
        return;
      default:
        this.#call(effect);
    }
  }

  #call(effect: Extract<ExecutionEffect, { type: 'decline' | 'acknowledge' | 'kill' | 'reconcile' | 'suppress' | 'revive' }>): void {
    const body = ((): SchedulerCallBody | undefined => {
      switch (effect.type) {
        case 'decline':
          return decline(effect.offerIds);
        case 'acknowledge':
          return acknowledge(effect.status);
        case 'kill':
          return kill(effect.task.taskId, effect.task.agentId);
        case 'reconcile':
          return reconcile(effect.tasks);
        case 'suppress':
          return suppress();
        case 'revive':
          return revive();
      }
    })();
    if (body !== undefined) void this.#client.call(body);
  }

  #alarm({ alarm, inMs }: Extract<ExecutionEffect, { type: 'alarm' }>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#feed({ type: 'alarm', alarm });
    }, inMs);
    this.#timers.add(timer);
  }

  /** The framework is removed, so that nothing of it stays, and the subscription ended. */
  async #leave(): Promise<void> {
    const { frameworkId } = this.#state;
    if (frameworkId !== undefined && this.#client.status.phase !== 'stopped') {
      const result = await this.#client.call(teardown());
      // A master may end the stream of a framework that is torn down before it answers: then the answer is `unknown`.
      if (result.result === 'not-sent')
        this.#settings.output.progress(
          `the framework ${frameworkId} could not be removed (${result.reason}): Mesos does it when its failover timeout has passed`,
        );
    }
    this.#over.abort();
  }
}

/** @throws Failure naming the tasks that did not finish, or why none could be started */
export const runExecution = (settings: ExecutionSettings): Promise<void> => new ExecutionRun(settings).run();
