import { randomUUID } from 'node:crypto';
import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { topologyOf, type Body, type Topology } from '@streams-on-mesos/messages';
import { connect, type ConfirmChannel, type GetMessage } from 'amqplib';
import { afterEach, beforeEach, inject } from 'vitest';
import { silentLogger } from '../../testing/silent-logger.js';
import { AmqpConnection, type AmqpOptions } from '../connection.js';
import type { Delivery } from '../delivery.js';

export const hello = (term: number): Body => ({ hello: { allocation_term: term } });
export const termOf = ({ envelope }: Delivery): number | undefined => envelope.hello?.allocation_term;

/** Does something with a client that knows nothing of ours. */
export const withBareChannel = async <T>(act: (channel: ConfirmChannel) => Promise<T>): Promise<T> => {
  const model = await connect(inject('rabbitmqUrl'));
  try {
    return await act(await model.createConfirmChannel());
  } finally {
    await model.close();
  }
};

/** Reads one message. */
export const getFrom = (queue: string): Promise<GetMessage> =>
  withBareChannel((channel) => until(`a message in ${queue}`, 20_000, () => channel.get(queue, { noAck: true })));

/** For each test a topology of its own on the real broker; what it opened is closed behind it. */
export class BrokerFixture {
  topology: Topology = topologyOf('test');
  stop = new AbortController();
  readonly #open: (() => Promise<void>)[] = [];

  /** Call it at the top of a file. */
  static use(): BrokerFixture {
    const fixture = new BrokerFixture();
    beforeEach(() => {
      fixture.topology = topologyOf(`test-${randomUUID()}`);
      fixture.stop = new AbortController();
    });
    afterEach(async () => {
      fixture.stop.abort();
      for (const close of fixture.#open.splice(0).reverse()) await close();
    });
    return fixture;
  }

  /** Closed after the test, before what was opened earlier. */
  closing(close: () => Promise<void>): void {
    this.#open.push(close);
  }

  /** Returns at once. */
  connect(over: Partial<AmqpOptions> = {}): AmqpConnection {
    const { topology, stop } = this;
    const connection = AmqpConnection.connect({
      url: inject('rabbitmqUrl'),
      topology,
      logger: silentLogger,
      signal: stop.signal,
      ...over,
    });
    this.closing(() => connection.close());
    return connection;
  }

  async connected(over: Partial<AmqpOptions> = {}): Promise<AmqpConnection> {
    const connection = this.connect(over);
    await connection.whenConnected();
    return connection;
  }

  async proxied(): Promise<TcpProxy> {
    const proxy = await TcpProxy.start(new URL(inject('rabbitmqUrl')).host);
    this.closing(() => proxy.close());
    return proxy;
  }

  /** Consumes and acknowledges; returns the terms in the order in which they came. */
  collect(connection: AmqpConnection, queue = this.topology.updates): number[] {
    const terms: number[] = [];
    connection.consume(
      queue,
      (delivery) => {
        terms.push(termOf(delivery) ?? -1);
        delivery.ack();
      },
      { prefetch: 10, signal: this.stop.signal },
    );
    return terms;
  }
}
