import { Counter, Gauge, Registry } from 'prom-client';

/** What is counted about the connection to RabbitMQ. */
export interface AmqpMetrics {
  readonly connected: Gauge;
  readonly connections: Counter;
  readonly published: Counter<'result'>;
  /** One more that was confirmed; there are thousands a second, so they are added to `published` when somebody looks. */
  readonly confirmed: () => void;
  readonly deadLettered: Counter<'queue'>;
  readonly handlerFailures: Counter<'queue'>;
}

export const amqpMetrics = (registry: Registry = new Registry()): AmqpMetrics => {
  const registers = [registry];
  let confirmed = 0;
  return {
    confirmed: () => (confirmed += 1),
    connected: new Gauge({ name: 'streams_on_mesos_amqp_connected', help: '1 while RabbitMQ is connected', registers }),
    connections: new Counter({ name: 'streams_on_mesos_amqp_connections_total', help: 'Connections made to RabbitMQ', registers }),
    published: new Counter({
      name: 'streams_on_mesos_amqp_published_total',
      help: 'Messages published, by how that ended',
      labelNames: ['result'],
      registers,
      collect() {
        this.inc({ result: 'confirmed' }, confirmed);
        confirmed = 0;
      },
    }),
    deadLettered: new Counter({
      name: 'streams_on_mesos_amqp_dead_lettered_total',
      help: 'Messages received that could never be handled',
      labelNames: ['queue'],
      registers,
    }),
    handlerFailures: new Counter({
      name: 'streams_on_mesos_amqp_handler_failures_total',
      help: 'Messages put back because their handler threw',
      labelNames: ['queue'],
      registers,
    }),
  };
};
