import { randomUUID } from 'node:crypto';
import type { Body, ClientEvent, Reply, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection } from '@streams-on-mesos/service';
import { until } from '@streams-on-mesos/local-environment';

/** Plays streams-bridge towards an allocation-service that runs. */
export class RequesterOnTheWire {
  readonly replies = new Map<string, Reply>();
  readonly copies: ClientEvent[] = [];
  /** ids of requests that may be settled */
  readonly ready: string[] = [];

  private constructor(
    private readonly amqp: AmqpConnection,
    private readonly topology: Topology,
    private readonly replyTo: string,
  ) {}

  static async start(amqp: AmqpConnection, topology: Topology, signal: AbortSignal): Promise<RequesterOnTheWire> {
    const started: { requester?: RequesterOnTheWire } = {};
    const replyTo = await amqp.openReplyQueue(
      (delivery) => {
        const { reply } = delivery.envelope;
        if (reply !== undefined) started.requester?.replies.set(reply.in_reply_to, reply);
        delivery.ack();
      },
      { signal },
    );
    const requester = new RequesterOnTheWire(amqp, topology, replyTo);
    started.requester = requester;
    amqp.bindCopies(
      (delivery) => {
        const { client_event, request_ready } = delivery.envelope;
        if (client_event !== undefined) requester.copies.push(client_event);
        if (request_ready !== undefined) requester.ready.push(request_ready.request_id);
        delivery.ack();
      },
      { signal },
    );
    return requester;
  }

  /** Sends and does not wait. Returns the message's id. */
  async send(body: Body, deadlineMs = Date.now() + 20_000): Promise<string> {
    const id = randomUUID();
    await this.amqp.publish(this.topology.requests, body, { id, deadlineMs, replyTo: this.replyTo });
    return id;
  }

  async ask(body: Body, deadlineMs?: number): Promise<Reply> {
    return this.answerTo(await this.send(body, deadlineMs));
  }

  answerTo(id: string): Promise<Reply> {
    return until(`the answer to ${id}`, 20_000, () => this.replies.get(id), 20);
  }
}

export const allocate = (requestId: string, count: number, clientId = 'client'): Body => ({
  allocate: {
    request_id: requestId,
    client_id: clientId,
    count,
    each: { cpus: 1, mem: 128 },
    workload: { command: 'sleep 1000' },
    labels: { tags: 'ingest' },
    task_prefix: 'test',
  },
});

export const settle = (requestId: string, clientId = 'client'): Body => ({ settle: { client_id: clientId, request_id: requestId } });
