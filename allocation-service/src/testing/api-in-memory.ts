import { createLogger, createMetrics, startHttp } from '@streams-on-mesos/service';
import type { Offer } from '@streams-on-mesos/mesos';
import type { DomainEvent } from '../domain/events.js';
import { loadState, nextWakeup, step } from '../domain/machine.js';
import type { State } from '../domain/model.js';
import { defaultSettings, type Settings } from '../domain/settings.js';
import { changedViews } from '../domain/views/changed.js';
import { status } from '../domain/testing/builders.js';
import { Engine, EngineStoppedError } from '../engine.js';
import { ChangeFeed, feedLimits, type ChangeFeedLimits } from '../http/change-feed.js';
import { HttpReplies } from '../http/replies.js';
import { apiRoutes } from '../http/routes.js';
import type { LeadingTerm } from '../leading-term.js';

export interface ApiOptions {
  readonly term?: number;
  readonly settings?: Partial<Settings>;
  readonly feed?: ChangeFeedLimits;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: never;
}

const SUBSCRIPTION = { term: 1, counter: 1 };

/** The API over HTTP on a leader whose journal keeps everything at once: no broker, no ZooKeeper, no Mesos. */
export class ApiInMemory {
  #sequence = 0;
  #hello: Promise<void> = Promise.resolve();

  private constructor(
    readonly url: string,
    readonly term: LeadingTerm,
    readonly close: () => Promise<void>,
  ) {}

  static async start({ term: number = 1, settings = {}, feed = feedLimits }: ApiOptions = {}): Promise<ApiInMemory> {
    const replies = new HttpReplies();
    const changes = new ChangeFeed(number, feed);
    const machineSettings = { ...defaultSettings, ...settings };
    const engine: Engine<State> = new Engine({
      machine: { step, nextWakeup },
      state: loadState([], machineSettings, Date.now()),
      journal: { append: () => new Promise((resolve) => setImmediate(resolve)) },
      release: (effect) => {
        if (effect.type === 'reply') replies.answer(effect.replyTo, effect.reply);
        if (effect.type === 'hello') api.greet();
      },
      now: Date.now,
      leads: () => true,
      onChanges: (state, written) => changes.note(changedViews(state, written), Date.now()),
    });
    const term: LeadingTerm = { number, engine, replies, changes };
    const over = new AbortController();
    const http = await startHttp({
      config: { httpHost: '127.0.0.1', httpPort: 0 },
      logger: createLogger('allocation-service', 'silent'),
      metrics: createMetrics('allocation-service'),
      signal: over.signal,
      readiness: () => ({ ready: true }),
      routes: apiRoutes(() => term, machineSettings.maxNodes),
    });
    const api: ApiInMemory = new ApiInMemory(http.url, term, async () => {
      changes.end();
      engine.stop(new EngineStoppedError('the test is over'));
      over.abort();
      await http.close();
    });
    await engine.submit({ type: 'leading', term: number });
    await api.#hello;
    return api;
  }

  submit(event: DomainEvent): Promise<void> {
    return this.term.engine.submit(event);
  }

  greet(): void {
    const event = { type: 'subscribed', subscription: SUBSCRIPTION, frameworkId: 'framework-1', answersTerm: this.term.number } as const;
    this.#hello = this.submit(event).catch(() => undefined);
  }

  offers(...offers: Offer[]): Promise<void> {
    return this.submit({ type: 'offers', subscription: SUBSCRIPTION, allocationTerm: this.term.number, offers });
  }

  status(taskId: string, state: Parameters<typeof status>[1]): Promise<void> {
    this.#sequence += 1;
    return this.submit({ type: 'update', subscription: SUBSCRIPTION, sequence: this.#sequence, status: status(taskId, state) });
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  }
}
