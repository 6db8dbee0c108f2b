import type { Logger as PinoLogger } from 'pino';
import { pino } from 'pino';
import type { LogLevel } from '../configuration/common-settings.js';

export type Logger = PinoLogger;

export const createLogger = (name: string, level: LogLevel): Logger => pino({ name, level });

/** The part of the log about one outside world; its level is LOG_LEVEL_<COMPONENT>, else the service's. */
export const componentLogger = (logger: Logger, component: 'mesos' | 'amqp' | 'zookeeper'): Logger => logger.child({ component });
