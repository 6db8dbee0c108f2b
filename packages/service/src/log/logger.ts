import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { pino, stdTimeFunctions } from 'pino';
import { redactUrls } from './redact.js';

export type Logger = PinoLogger;
export type Component = 'mesos' | 'amqp' | 'zookeeper';
export type ComponentLevels = Readonly<Partial<Record<Component, string | undefined>>>;

const secretNames = ['password', 'secret', 'token', 'authorization', 'credentials'];
const levelsOf = new WeakMap<Logger, ComponentLevels>();

/**
 * Logs JSON lines `{level, time, service, …, msg}` to stdout (or `destination`), level by name, time in ISO 8601.
 * Passwords in URLs and fields with the name of a secret are never written.
 */
export const createLogger = (
  name: string,
  level: string,
  options: { readonly components?: ComponentLevels; readonly destination?: DestinationStream } = {},
): Logger => {
  const settings = {
    level,
    base: { service: name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretNames.flatMap((secret) => [secret, `*.${secret}`, `*.*.${secret}`]), censor: '***' },
    serializers: { error: pino.stdSerializers.err },
    hooks: { streamWrite: redactUrls },
  };
  // Synchronous: what is logged right before an exit comes out, and in its place.
  const logger = pino(settings, options.destination ?? pino.destination({ dest: 1, sync: true }));
  levelsOf.set(logger, options.components ?? {});
  return logger;
};

/** The part of the log about one outside world; its level is LOG_LEVEL_<COMPONENT>, else the service's. */
export const componentLogger = (logger: Logger, component: Component): Logger => {
  const level = levelsOf.get(logger)?.[component];
  return logger.child({ component }, level === undefined ? {} : { level });
};
