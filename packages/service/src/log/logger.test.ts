import { describe, expect, it } from 'vitest';
import { componentLogger, createLogger, type ComponentLevels, type Logger } from './logger.js';
import { redactUrls } from './redact.js';

const logged = (level: string, act: (logger: Logger) => void, components: ComponentLevels = {}): Record<string, unknown>[] => {
  const lines: string[] = [];
  act(createLogger('test-service', level, { components, destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('the log', () => {
  it('is lines of JSON with level, time, service and message', () => {
    const [line] = logged('info', (logger) => {
      logger.debug('not this');
      logger.warn({ port: 1 }, 'listening');
    });
    expect(line).toMatchObject({ level: 'warn', service: 'test-service', port: 1, msg: 'listening' });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('never holds a password, wherever it stands', () => {
    const lines = logged('info', (logger) => {
      logger.info('connecting to amqp://user:topsecret@host:1');
      logger.error({ error: new Error('cannot reach zk://user:topsecret@a:1,b:2/mesos') }, 'failed');
      logger.info({ config: { secret: 'topsecret', apiToken: 'shown' }, token: 'topsecret', url: 'https://:topsecret@h/' });
      logger.child({ password: 'topsecret' }).info({ headers: { inner: { authorization: 'topsecret' } } });
    });
    expect(JSON.stringify(lines)).not.toContain('topsecret');
    expect(JSON.stringify(lines)).toContain('user:***@host:1');
    expect(lines).toHaveLength(4);
  });

  it('has a level of its own for each component', () => {
    const lines = logged(
      'info',
      (logger) => {
        componentLogger(logger, 'amqp').info('a');
        componentLogger(logger, 'amqp').warn('b');
        componentLogger(logger, 'zookeeper').debug('c');
        componentLogger(logger, 'mesos').info('d');
      },
      { amqp: 'warn', zookeeper: 'debug' },
    );
    expect(lines.map(({ component, msg }) => [component, msg])).toEqual([
      ['amqp', 'b'],
      ['zookeeper', 'c'],
      ['mesos', 'd'],
    ]);
  });
});

describe('redacting', () => {
  it('leaves URLs without a password as they are', () => {
    for (const text of ['http://h:1/a@b', 'see http://h:5050/x and user@host:1', 'amqp://user@h']) expect(redactUrls(text)).toBe(text);
  });
});
