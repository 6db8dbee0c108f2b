import type { Body, Reply, Topology } from '@streams-on-mesos/messages';
import { PublishError, type AmqpConnection, type Logger, type PublishOptions } from '@streams-on-mesos/service';
import type { Effect } from '../domain/effects.js';
import type { DomainEvent } from '../domain/events.js';

export interface OutputsOptions {
  readonly amqp: Pick<AmqpConnection, 'publish' | 'publishReply' | 'publishCopy'>;
  readonly topology: Topology;
  readonly logger: Logger;
  /** Tells the domain what became of a message. */
  readonly submit: (event: DomainEvent) => Promise<void>;
  /** By how many milliseconds the domain's clock is ahead of the machine's: see LeaderClock. */
  readonly ahead: () => number;
  /** Takes the replies to what came over HTTP. */
  readonly answerHttp: (replyTo: string, reply: Reply) => void;
}

/** Why nobody can have read a message; undefined: perhaps somebody has. */
const surelyUnread = (error: unknown): string | undefined =>
  error instanceof PublishError && ['not-connected', 'returned', 'overloaded'].includes(error.reason) ? error.message : undefined;

/**
 * Lets effects out in the order in which they come. What gets lost is made again from state: calls and the desired state
 * after a reconnection or by the domain's own time limits, replies when the asker asks again, copies of events never.
 */
export const releaseEffects = (options: OutputsOptions): ((effect: Effect) => void) => {
  const { amqp, topology, logger, submit } = options;

  const toOfferService = (body: Body, publishOptions: PublishOptions, failed: (error: unknown) => void): void => {
    amqp.publish(topology.calls, body, { ...publishOptions, persistent: false }).catch(failed);
  };

  // A broker that is away says so again by itself when it is back; one that only refused has to be asked again.
  const onStateNotSent = (error: unknown): void => {
    logger.debug({ error: String(error) }, 'offer-service was not told the desired state; it will be');
    if (!(error instanceof PublishError) || error.reason === 'not-connected' || error.reason === 'connection-lost') return;
    setTimeout(() => void submit({ type: 'reconnected' }).catch(() => undefined), 1_000).unref();
  };

  const onCallNotSent = (callId: string, error: unknown): void => {
    logger.warn({ error: String(error), callId }, 'a call did not reach offer-service');
    const reason = surelyUnread(error);
    if (reason !== undefined) void submit({ type: 'call-answered', callId, result: 'NOT_SENT', reason }).catch(() => undefined);
  };

  type Question = Extract<Effect, { type: 'ask-hook' }>;
  /** What nobody will read is answered at once, so that nothing waits for it. */
  const onNotAsked = ({ question }: Question, error: unknown): void => {
    const reason = surelyUnread(error);
    logger.warn({ error: String(error) }, 'a streams-bridge could not be asked');
    if (reason === undefined) return;
    const message = `no streams-bridge could be asked: ${reason}`;
    const answer: DomainEvent =
      'resolve_workload' in question
        ? { type: 'workload-resolved', askId: question.resolve_workload.ask_id, error: message }
        : { type: 'stop-hook-run', askId: question.run_stop_hook.ask_id, error: message };
    void submit(answer).catch(() => undefined);
  };

  const release = (effect: Effect): void => {
    switch (effect.type) {
      case 'hello':
        return toOfferService({ hello: { allocation_term: effect.allocationTerm } }, {}, onStateNotSent);
      case 'desired-state':
        return toOfferService({ desired_state: effect.desiredState }, {}, onStateNotSent);
      case 'call':
        return toOfferService({ call: effect.call }, { id: effect.id, traceId: effect.traceId }, (error) =>
          onCallNotSent(effect.id, error),
        );
      case 'ask-hook': {
        const { question, deadlineMs, traceId } = effect;
        amqp
          .publish(topology.hooks, question, { deadlineMs: deadlineMs - options.ahead(), traceId, persistent: false })
          .catch((error: unknown) => onNotAsked(effect, error));
        return;
      }
      case 'reply':
        if (effect.replyTo.startsWith('http:')) return options.answerHttp(effect.replyTo, effect.reply);
        amqp.publishReply(effect.replyTo, { reply: effect.reply }, { traceId: effect.traceId }).catch((error: unknown) => {
          logger.debug({ error: String(error), inReplyTo: effect.inReplyTo }, 'an answer was not delivered; who needs it asks again');
        });
        return;
      case 'client-event':
        return amqp.publishCopy({ client_event: effect.event }, { traceId: effect.traceId });
      case 'request-ready':
        return amqp.publishCopy(
          { request_ready: { client_id: effect.clientId, request_id: effect.requestId } },
          { traceId: effect.traceId },
        );
      case 'log':
        return logger[effect.level](effect.fields, effect.message);
    }
  };

  return (effect) => {
    try {
      release(effect);
    } catch (error) {
      // One effect that can't be put into a message must not hold up the others.
      logger.error({ error: String(error), effect: effect.type }, 'an effect was lost');
    }
  };
};
