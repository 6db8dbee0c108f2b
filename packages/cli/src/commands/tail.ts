import { topologyOf } from '@streams-on-mesos/messages';
import { AmqpConnection, commonSettings, createLogger } from '@streams-on-mesos/service';
import type { Command } from 'commander';
import { once } from 'node:events';
import { UsageError } from '../failure.js';
import type { Perform } from '../perform.js';

/** The broker's URL may hold a password, so there is no flag for it. */
const brokerUrl = (env: NodeJS.ProcessEnv): string => {
  const { env: name, schema, default: preset } = commonSettings.rabbitmqUrl;
  const parsed = schema.safeParse(env[name] || preset);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${name}: must be ${parsed.error.issues[0]?.message ?? 'a URL'}`);
};

export const addTail = (program: Command, perform: Perform): void => {
  program
    .command('tail')
    .description(
      'print what allocation-service publishes to all (client events, requests that are ready) from now on, a JSON object a line, until ' +
        'it is interrupted; what travels from one service to another is not shown, for a queue of its own sees only copies (RABBITMQ_URL)',
    )
    .action(
      perform(async ({ env, options, output, signal }) => {
        const amqp = AmqpConnection.connect({
          url: brokerUrl(env),
          topology: topologyOf(options.frameworkName),
          logger: createLogger('streams-on-mesos', 'silent'),
          signal,
        });
        amqp.onConnected(() => output.progress('connected to RabbitMQ'));
        amqp.onDisconnected((reason) => output.progress(`RabbitMQ: ${reason}`));
        amqp.bindCopies(
          (delivery) => {
            delivery.ack();
            process.stdout.write(`${JSON.stringify(delivery.envelope)}\n`);
          },
          { signal },
        );
        if (!signal.aborted) await once(signal, 'abort');
      }),
    );
};
