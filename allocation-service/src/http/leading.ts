import { randomUUID } from 'node:crypto';
import { HttpError } from '@streams-on-mesos/service';
import type { Reply } from '@streams-on-mesos/messages';
import type { Request, RequestHandler, Response } from 'express';
import type { DomainEvent } from '../domain/events.js';
import type { LeadingTerm } from '../leading-term.js';

const STATUS_OF: Record<Reply.Error['code'], number> = {
  INTERNAL: 500,
  INVALID: 400,
  CONFLICT: 409,
  NOT_FOUND: 404,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Only the leader can answer; its term may end before it has. */
export class Leading {
  readonly #current: () => LeadingTerm | undefined;

  /** `current` is the term that this instance leads; undefined: it does not, or is still loading. */
  constructor(current: () => LeadingTerm | undefined) {
    this.#current = current;
  }

  /** @throws HttpError 503 when this instance does not lead, or no longer did before `work` was done */
  async during<T>(work: (term: LeadingTerm) => Promise<T>): Promise<T> {
    const term = this.#current();
    if (term === undefined) throw new HttpError(503, 'no allocation-service leads at the moment: try again');
    try {
      return await work(term);
    } catch (error) {
      if (error instanceof HttpError || !term.engine.stopped) throw error;
      throw new HttpError(503, `this instance stopped leading before it could answer (${(error as Error).message}): try again`);
    }
  }

  /** A route that answers with JSON; its status is 200 unless `work` says another one. */
  answer<T>(work: (term: LeadingTerm, request: Request, response: Response) => Promise<T>): RequestHandler {
    return async (request, response) => {
      const body = await this.during((term) => work(term, request, response));
      response.json(body);
    };
  }
}

/** What came over HTTP, as the domain is told of it. */
export type HttpEvent = Extract<DomainEvent, { readonly messageId: string }>;

type WithoutIds<E> = E extends HttpEvent ? Omit<E, 'messageId' | 'replyTo' | 'traceId'> : never;

/**
 * Has it decided on, at once; ends when that is durable.
 * @throws HttpError with the status and field of what the domain refused
 */
export const submit = async (term: LeadingTerm, event: WithoutIds<HttpEvent>): Promise<Reply | undefined> => {
  const messageId = randomUUID();
  const whole = { ...event, messageId, ...(event.type === 'request' && { replyTo: `http:${messageId}`, traceId: messageId }) };
  const reply = await term.replies.during(messageId, () => term.engine.submit(whole as HttpEvent));
  if (reply?.error === undefined) return reply;
  const { code, message, field } = reply.error;
  throw new HttpError(STATUS_OF[code], message, field === undefined ? {} : { field });
};
