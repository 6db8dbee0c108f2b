import { runService, setting, startHttp, wholeNumber } from '../index.js';

// The service that run-service.test.ts runs as a process of its own.
runService({
  name: 'test-service',
  version: '1.2.3',
  settings: {
    count: setting({ env: 'COUNT', description: 'How many', schema: wholeNumber(), default: '1' }),
    act: setting({ env: 'ACT', description: 'What to do', schema: wholeNumber(), default: '0' }),
  },
  stopTimeoutMs: 1000,
  run: async ({ config, logger, signal, metrics }) => {
    logger.info({ count: config.count, metrics: metrics.getMetricsAsArray().length }, 'running');
    const acts: readonly (() => void | Promise<unknown>)[] = [
      () => undefined,
      () => {
        throw new Error('cannot go on with amqp://u:topsecret@h');
      },
      () => void setTimeout(() => void Promise.reject(new Error('forgotten')), 1),
      () => new Promise(() => setInterval(() => undefined, 1000)),
      () => startHttp({ config: { httpHost: '0.0.0.0', httpPort: 0 }, logger, metrics, signal, readiness: () => ({ ready: true }) }),
    ];
    process.emitWarning('an old habit', 'DeprecationWarning');
    await acts[config.act]?.();
    const alive = setInterval(() => undefined, 1000);
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    clearInterval(alive);
  },
});
