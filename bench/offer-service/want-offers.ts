import { until } from '@streams-on-mesos/local-environment';
import { AmqpConnection, campaign, createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import amqp from 'amqplib';
import type { OfferServiceRun } from './offer-service-run.js';

/** An allocation-service that wants every offer and answers none; `arrived` is told of each message, and how many offers it holds. */
export const wantOffers = async (
  run: OfferServiceRun,
  arrived: (content: Buffer) => void,
  over: AbortSignal,
): Promise<() => Promise<void>> => {
  const logger = createLogger('bench', 'error');
  const zookeeper = await ZooKeeperConnection.connect(run.zookeeper, { logger, signal: over });
  const connection = AmqpConnection.connect({ url: run.brokerUrl, topology: run.topology, logger, signal: over });
  await connection.whenConnected();
  const bare = await amqp.connect(run.brokerUrl, { noDelay: true });
  const channel = await bare.createChannel();
  await channel.consume(run.topology.offers.name, (message) => message && arrived(message.content), { noAck: true });
  await channel.consume(run.topology.updates.name, () => undefined, { noAck: true });
  const path = frameworkPaths(run.frameworkName).leaders('allocation-service');
  const term = await new Promise<number>((resolve) => {
    void campaign({
      zookeeper,
      path,
      instance: 'bench',
      logger,
      signal: over,
      lead: (leadership) => {
        resolve(leadership.term);
        return new Promise<void>((end) => leadership.signal.addEventListener('abort', () => end()));
      },
    });
  });
  await connection.publish(run.topology.calls, { hello: { allocation_term: term } });
  const before = run.master.calls;
  await connection.publish(run.topology.calls, {
    desired_state: { allocation_term: term, revision: 1, revive_counter: 0, roles: [{ role: '*', wanted: true }] },
  });
  await until('REVIVE', 10_000, () => run.master.calls > before);
  return async () => {
    await bare.close();
    await connection.close();
    await zookeeper.close();
  };
};
