import type { Body, Envelope, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection, Delivery, Logger } from '@streams-on-mesos/service';
import type { ControllerHooks } from '../operations/controller-hooks.js';

/** The Streams adapter need not bear more at a time. */
const PREFETCH = 50;

export interface HooksOptions {
  readonly amqp: Pick<AmqpConnection, 'consume' | 'publish'>;
  readonly topology: Pick<Topology, 'hooks' | 'answers'>;
  readonly hooks: ControllerHooks;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Takes what allocation-service asks of any bridge, in competition with the others, and answers it once. */
export const consumeHooks = (options: HooksOptions): void => {
  const { amqp, topology, signal } = options;
  amqp.consume(topology.hooks, (delivery) => take(options, delivery), { prefetch: PREFETCH, signal });
};

const take = async ({ amqp, topology, hooks, logger }: HooksOptions, delivery: Delivery): Promise<void> => {
  const { envelope } = delivery;
  try {
    const answer = await answerTo(hooks, envelope);
    const error = answer?.workload_resolved?.error ?? answer?.stop_hook_run?.error;
    if (error !== undefined) logger.warn({ error, traceId: envelope.trace_id }, 'a hook failed');
    if (answer !== undefined) await amqp.publish(topology.answers, answer, { traceId: envelope.trace_id, persistent: false });
  } catch (error) {
    // Without an answer allocation-service goes on when its time is over.
    logger.error({ error: String(error), traceId: envelope.trace_id }, 'a hook was not answered');
  }
  delivery.ack();
};

/** Undefined: nobody waits for it, or a newer release knows what it is. */
const answerTo = async (hooks: ControllerHooks, envelope: Envelope): Promise<Body | undefined> => {
  const leftMs = (envelope.deadline_ms ?? Infinity) - Date.now();
  if (leftMs <= 0) return undefined;
  if (envelope.resolve_workload !== undefined) return { workload_resolved: await hooks.resolveWorkload(envelope.resolve_workload, leftMs) };
  if (envelope.run_stop_hook !== undefined) return { stop_hook_run: await hooks.runStopHook(envelope.run_stop_hook, leftMs) };
  return undefined;
};
