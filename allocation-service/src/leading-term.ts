import type { Topology } from '@streams-on-mesos/messages';
import { LeaderClock, type AmqpConnection, type FrameworkPaths, type Leadership, type Logger } from '@streams-on-mesos/service';
import { consumeInputs } from './amqp/inputs.js';
import { releaseEffects } from './amqp/outputs.js';
import type { DomainEvent } from './domain/events.js';
import { loadState, nextWakeup, step } from './domain/machine.js';
import type { State } from './domain/model.js';
import type { Settings } from './domain/settings.js';
import { Engine, EngineStoppedError } from './engine.js';
import { changedViews } from './domain/views/changed.js';
import { ChangeFeed } from './http/change-feed.js';
import { HttpReplies } from './http/replies.js';
import type { AllocationMetrics } from './metrics.js';
import { Journal } from './zookeeper/journal.js';

/** What there is only while this instance leads. */
export interface LeadingTerm {
  readonly number: number;
  readonly engine: Engine<State>;
  readonly replies: HttpReplies;
  readonly changes: ChangeFeed;
}

export interface LeadingTermOptions {
  readonly leadership: Leadership;
  readonly paths: FrameworkPaths;
  readonly amqp: AmqpConnection;
  readonly topology: Topology;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: AllocationMetrics;
  /** See InputsOptions. */
  readonly unhandleable: Map<string, string>;
  /** The state is loaded and inputs are taken. */
  readonly onLeading: (term: LeadingTerm) => Promise<void>;
}

/**
 * Leads: loads what is durable, decides until the leadership or the journal is lost, then forgets everything. Returns or
 * throws why; whoever leads next finds all that was acknowledged in the journal, and the rest in its queues.
 */
export const lead = async (options: LeadingTermOptions): Promise<void> => {
  const { leadership, amqp, topology, logger, metrics } = options;
  const { term, node, session } = leadership;
  const began = performance.now();
  const { now, ahead } = new LeaderClock();
  const fence = { session, node, term };
  const journal = await Journal.load({ fence, paths: options.paths, logger, observer: metrics.journal });
  const state = loadState(journal.records(), options.settings, now());
  await journal.begin();

  const replies = new HttpReplies();
  const changes = new ChangeFeed(term);
  const submit = (event: DomainEvent): Promise<void> => engine.submit(event);
  const engine: Engine<State> = new Engine({
    machine: { step, nextWakeup },
    state,
    journal,
    release: releaseEffects({ amqp, topology, logger, submit, ahead, answerHttp: (replyTo, reply) => replies.answer(replyTo, reply) }),
    now,
    leads: () => !session.lost.aborted,
    onChanges: (decided, written) => changes.note(changedViews(decided, written), now()),
    onStep: (event, seconds) => metrics.stepped(event, seconds),
  });
  const over = new AbortController();
  const lose = (): void => engine.stop(new EngineStoppedError('leadership was lost'));
  leadership.signal.addEventListener('abort', lose, { once: true });
  if (leadership.signal.aborted) lose();
  const stopListening = tellReconnections(amqp, submit);
  try {
    await submit({ type: 'leading', term });
    consumeInputs({ amqp, topology, logger, signal: over.signal, submit, now: Date.now, ahead, unhandleable: options.unhandleable });
    logger.info({ term, resources: state.resources.size, loadMs: Math.round(performance.now() - began) }, 'leading');
    await options.onLeading({ number: term, engine, replies, changes });
    const reason = await engine.ended;
    logger.warn({ term, reason: reason.message }, 'no longer leading');
    if (!leadership.signal.aborted) throw reason;
  } finally {
    over.abort();
    changes.end();
    engine.stop(new EngineStoppedError('leadership was given up'));
    leadership.signal.removeEventListener('abort', lose);
    stopListening();
    await journal.settled();
  }
};

/** From now on; a broker that is connected already is none that is back. */
const tellReconnections = (amqp: AmqpConnection, submit: (event: DomainEvent) => Promise<void>): (() => void) => {
  let started = false;
  const stop = amqp.onConnected(() => {
    if (started) void submit({ type: 'reconnected' }).catch(() => undefined);
  });
  started = true;
  return stop;
};
