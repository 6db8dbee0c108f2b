import { bodyKind, type Envelope } from '@streams-on-mesos/messages';
import type { DomainEvent, RequestBody } from '../domain/events.js';

/**
 * What a message means to the domain, whose clock is `ahead` of the machine's by so many milliseconds; undefined for a body that
 * allocation-service does not take.
 */
export const domainEventOf = (envelope: Envelope, replyTo?: string, ahead = 0): DomainEvent | undefined => {
  if (envelope.subscribed !== undefined) {
    const { subscription, framework_id, answers_term, master } = envelope.subscribed;
    return { type: 'subscribed', subscription, frameworkId: framework_id, answersTerm: answers_term, master };
  }
  if (envelope.unsubscribed !== undefined) {
    const { subscription, reason } = envelope.unsubscribed;
    return { type: 'unsubscribed', subscription, reason };
  }
  if (envelope.offers !== undefined) {
    const { subscription, allocation_term, offers } = envelope.offers;
    return { type: 'offers', subscription, allocationTerm: allocation_term, offers: offers ?? [] };
  }
  if (envelope.rescinds !== undefined) {
    const { subscription, offer_ids } = envelope.rescinds;
    return { type: 'rescinds', subscription, offerIds: offer_ids ?? [] };
  }
  if (envelope.inverse_offers !== undefined) {
    const { subscription, inverse_offers } = envelope.inverse_offers;
    return { type: 'inverse-offers', subscription, inverseOffers: inverse_offers ?? [] };
  }
  if (envelope.rescinded_inverse_offers !== undefined) {
    const { subscription, inverse_offer_ids } = envelope.rescinded_inverse_offers;
    return { type: 'rescinded-inverse-offers', subscription, inverseOfferIds: inverse_offer_ids ?? [] };
  }
  if (envelope.failure !== undefined) {
    const { subscription, agent_id, executor_id } = envelope.failure;
    return { type: 'failure', subscription, agentId: agent_id, executorId: executor_id };
  }
  if (envelope.update !== undefined) return { type: 'update', ...envelope.update };
  if (envelope.call_answer !== undefined) {
    const { call_id, result, reason } = envelope.call_answer;
    return { type: 'call-answered', callId: call_id, result, reason };
  }
  if (envelope.workload_resolved !== undefined) {
    const { ask_id, workload, error } = envelope.workload_resolved;
    return { type: 'workload-resolved', askId: ask_id, workload, error };
  }
  if (envelope.stop_hook_run !== undefined) {
    const { ask_id, error } = envelope.stop_hook_run;
    return { type: 'stop-hook-run', askId: ask_id, error };
  }
  const body = requestBodyOf(envelope);
  if (body === undefined) return undefined;
  const deadlineMs = envelope.deadline_ms === undefined ? undefined : envelope.deadline_ms + ahead;
  return { type: 'request', messageId: envelope.id, replyTo, deadlineMs, traceId: envelope.trace_id, body };
};

const requestBodyOf = (envelope: Envelope): RequestBody | undefined => {
  const { allocate, settle, release, cancel, validate_stop, query_resources, read_events } = envelope;
  if (allocate !== undefined) return { kind: 'allocate', allocate };
  if (settle !== undefined) return { kind: 'settle', settle };
  if (release !== undefined) return { kind: 'release', release };
  if (cancel !== undefined) return { kind: 'cancel', cancel };
  if (validate_stop !== undefined) return { kind: 'validate_stop', validate_stop };
  if (query_resources !== undefined) return { kind: 'query_resources', query_resources };
  if (read_events !== undefined) return { kind: 'read_events', read_events };
  return undefined;
};

/** For the reason of a dead letter. */
export const nameOfBody = (envelope: Envelope): string => bodyKind(envelope) ?? 'a body of a newer release';
