import { pino, stdTimeFunctions } from 'pino';
import { parseCommandLine } from './command-line.js';
import { startLocalMarathon, withoutCredentials } from './start-local-marathon.js';

/** 1: could not start or go on; a wrong command line ends with 2. */
async function main(): Promise<void> {
  const { logLevel, ...options } = parseCommandLine(process.argv.slice(2));
  const logger = pino({
    level: logLevel,
    base: { service: 'local-marathon' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  });
  const marathon = await startLocalMarathon({ ...options, log: (level, message, fields = {}) => logger[level](fields, message) });
  logger.info({ url: marathon.url, master: withoutCredentials(options.master), stateFile: options.stateFile }, 'listening');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'leaving Mesos; tasks stay');
      void marathon.stop();
    });
  }
  await marathon.ended;
}

main().catch((error: unknown) => {
  process.stderr.write(`local-marathon: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
