import type { Body, Reply } from '@streams-on-mesos/messages';
import { NotAnsweredError, type AllocationClient } from '../amqp/allocation-client.js';
import type { ProtocolErrors } from '../domain/protocol-error.js';
import { protocolErrorOf } from '../domain/reply-error.js';

/** An answer of allocation-service that is no error. @throws ProtocolError */
export type AskAllocation = (body: Body, traceId: string) => Promise<Reply>;

export const askAllocation =
  (client: AllocationClient, errors: ProtocolErrors): AskAllocation =>
  async (body, traceId) => {
    const reply = await client.ask(body, traceId).catch((error: unknown) => {
      throw error instanceof NotAnsweredError ? errors.notAvailable() : error;
    });
    if (reply.error !== undefined) throw protocolErrorOf(reply.error, errors);
    return reply;
  };
