import { MessageError, messageForm } from '@streams-on-mesos/mesos';
import { decodeEnvelope, encodeEnvelope, typeOfBody, type Body, type BodyKind } from './codec.js';

/** What is wrong with a value that should be the body of a message. */
export interface BodyFault {
  /** Path of the field, `each.cpus` for example; empty: the whole. */
  readonly field: string;
  /** Names the field, the value and what is accepted. */
  readonly message: string;
}

/** Checks JSON from anywhere against a body of the contract. The value is as it would have arrived over RabbitMQ. */
export const readBody = <K extends BodyKind>(kind: K, json: unknown): { readonly value: NonNullable<Body[K]> } | BodyFault => {
  try {
    const form = messageForm(typeOfBody(kind), json, kind, 'strict');
    const sent = { id: '', sent_at_ms: 0, trace_id: '', [kind]: form };
    return { value: decodeEnvelope(encodeEnvelope(sent))[kind] as NonNullable<Body[K]> };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    const [, path = '', what = ''] = /^(.*?): (.*)$/s.exec(error.message) ?? [];
    const field = path === kind ? '' : path.slice(kind.length + 1);
    return { field, message: `${field === '' ? 'the body' : field}: ${what}` };
  }
};
