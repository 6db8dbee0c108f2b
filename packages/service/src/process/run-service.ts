import type { Registry } from 'prom-client';
import { commonSettings, type LogLevel } from '../configuration/common-settings.js';
import { ConfigurationError } from '../configuration/configuration-error.js';
import { helpText } from '../configuration/help.js';
import { readConfiguration } from '../configuration/load-configuration.js';
import type { ConfigOf, Settings } from '../configuration/setting.js';
import { createLogger, type Logger } from '../log/logger.js';
import { createMetrics } from '../metrics.js';

export interface ServiceContext<S> {
  readonly config: ConfigOf<S>;
  readonly logger: Logger;
  /** Aborted by the first SIGTERM or SIGINT: stop gracefully. */
  readonly signal: AbortSignal;
  readonly metrics: Registry;
}

export interface ServiceSpec<S> {
  readonly name: string;
  readonly version?: string;
  readonly settings: S;
  /** Resolves when stopped; a rejection ends the process with exit code 1. */
  readonly run: (context: ServiceContext<S>) => Promise<void>;
  /** How long a graceful stop may take, default 10 s. */
  readonly stopTimeoutMs?: number;
}

/** What the frame itself reads, whatever the service does. */
export const frameSettings = {
  properties: commonSettings.properties,
  logLevel: commonSettings.logLevel,
  logLevelMesos: commonSettings.logLevelMesos,
  logLevelAmqp: commonSettings.logLevelAmqp,
  logLevelZookeeper: commonSettings.logLevelZookeeper,
  mesosQuiet: commonSettings.mesosQuiet,
  mesosLoggingLevel: commonSettings.mesosLoggingLevel,
};

const levelOfMesos = (config: ConfigOf<typeof frameSettings>): LogLevel | undefined => {
  if (config.logLevelMesos !== undefined) return config.logLevelMesos;
  if (config.mesosQuiet) return 'silent';
  if (config.mesosLoggingLevel === undefined) return undefined;
  return ({ INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const)[config.mesosLoggingLevel];
};

const loggerOf = (name: string, config: ConfigOf<typeof frameSettings>): Logger =>
  createLogger(name, config.logLevel, {
    components: { mesos: levelOfMesos(config), amqp: config.logLevelAmqp, zookeeper: config.logLevelZookeeper },
  });

const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));

const exitForConfiguration = (name: string, error: ConfigurationError): never => {
  process.stderr.write(`${name}: ${error.message}\n`);
  process.exit(2);
};

/** The signal that the first SIGTERM or SIGINT aborts; a second one, or a stop that takes too long, ends the process. */
const stopSignal = (logger: Logger, stopTimeoutMs: number): AbortSignal => {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      logger.warn({ signal: name }, 'asked to stop a second time, ending at once');
      process.exit(1);
    }
    logger.info({ signal: name }, 'stopping');
    setTimeout(() => {
      logger.fatal({ stopTimeoutMs }, 'did not stop in time, ending at once');
      process.exit(1);
    }, stopTimeoutMs).unref();
    stop.abort(new DOMException(`stopped by ${name}`, 'AbortError'));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stop.signal;
};

const runToExit = async <S extends Settings>(spec: ServiceSpec<S>, context: ServiceContext<S>): Promise<never> => {
  const { logger, signal } = context;
  try {
    await spec.run(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return exitForConfiguration(spec.name, error);
    if (!isAbort(error, signal)) {
      logger.fatal({ error }, 'failed');
      process.exit(1);
    }
  }
  logger.info('stopped');
  process.exit(0);
};

/**
 * The frame of a service's process. `--help` and `--version` print and exit 0; a ConfigurationError goes to stderr, exit 2;
 * SIGTERM and SIGINT abort `signal`, a second one ends at once; a rejection of `run` or an uncaught error is logged, exit 1.
 */
export const runService = <S extends Settings>(spec: ServiceSpec<S>): void => {
  const argv = process.argv.slice(2);
  const settings = { ...frameSettings, ...spec.settings };
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(helpText(spec.name, settings));
    return;
  }
  if (argv.includes('--version')) {
    process.stdout.write(`${spec.name} ${spec.version ?? 'unreleased'}\n`);
    return;
  }
  try {
    const { config, warnings } = readConfiguration(settings, argv, process.env);
    const logger = loggerOf(spec.name, config as ConfigOf<typeof frameSettings>);
    for (const warning of warnings) logger.warn(warning);
    const onUncaught = (error: unknown): never => {
      logger.fatal({ error }, 'uncaught error');
      process.exit(1);
    };
    process.on('uncaughtException', onUncaught);
    process.on('unhandledRejection', onUncaught);
    // Node prints warnings to stderr in a format of its own unless nobody but us listens.
    process.removeAllListeners('warning');
    process.on('warning', (error) => logger.warn({ error }, 'warning of the runtime'));
    const signal = stopSignal(logger, spec.stopTimeoutMs ?? 10_000);
    logger.info({ pid: process.pid, version: spec.version }, 'starting');
    void runToExit(spec, { config: config as ConfigOf<S>, logger, signal, metrics: createMetrics(spec.name) });
  } catch (error) {
    if (error instanceof ConfigurationError) exitForConfiguration(spec.name, error);
    throw error;
  }
};
