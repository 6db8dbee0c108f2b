import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commonSettings } from './common-settings.js';
import { helpText } from './help.js';
import { loadConfiguration, readConfiguration } from './load-configuration.js';
import { readSecretFile } from './secret-file.js';
import { setting } from './setting.js';
import { decimalNumber, truth, wholeNumber } from './setting-values.js';

const dir = mkdtempSync(join(tmpdir(), 'configuration-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

const settings = {
  ...commonSettings,
  cores: setting({ env: 'DC_CORES', description: 'Cores', schema: decimalNumber({ min: 0, max: 1000 }), default: '2' }),
  deploy: setting({ env: 'DEPLOY', description: 'Deploy', schema: truth(), default: 'false', toggle: true }),
};
const load = (argv: string[] = [], env: NodeJS.ProcessEnv = {}): ReturnType<typeof loadConfiguration<typeof settings>> =>
  loadConfiguration(settings, argv, env);

describe('the configuration', () => {
  it('has defaults, and undefined where there is none', () => {
    const config = load();
    expect(config).toMatchObject({ httpHost: '127.0.0.1', httpPort: 0, cores: 2, deploy: false, waitAllocatedSecs: 2, mesosRole: '*' });
    expect(config.advertisedUrl).toBeUndefined();
  });

  it('takes flags before the environment before the file before the default', () => {
    const properties = file('order.properties', 'DC_CORES=3\nHTTP_PORT=3\nMESOS_USER=three\n');
    const env = { HTTP_PORT: '2', DC_CORES: '2', STREAMS_MESOS_PROPERTIES: properties };
    expect(load(['--dc-cores', '1'], env)).toMatchObject({ cores: 1, httpPort: 2, mesosUser: 'three' });
  });

  it('knows the names of the original', () => {
    const properties = file('original.properties', 'MESOS_FRAMEWORK_NAME=IBMStreams\nSTREAMS_ZKCONNECT=a:1\n');
    expect(load(['--properties', properties, '--master=zk://b:2/mesos'])).toMatchObject({
      frameworkName: 'IBMStreams',
      zookeeper: 'a:1',
      mesosMaster: 'zk://b:2/mesos',
    });
    expect(load([], { STREAMS_ZKCONNECT: 'c:3', PORT0: '31000' })).toMatchObject({ zookeeper: 'c:3', httpPort: 31000 });
    expect(load([], { STREAMS_ZKCONNECT: 'c:3', ZOOKEEPER: 'd:4' }).zookeeper).toBe('d:4');
  });

  it('takes an empty variable as unset', () => {
    expect(load([], { HTTP_PORT: '', ZOOKEEPER: '', STREAMS_ZKCONNECT: 'e:5' })).toMatchObject({ httpPort: 0, zookeeper: 'e:5' });
  });

  it('lets a toggle stand alone', () => {
    expect(load(['--deploy', '--dc-cores=1'])).toMatchObject({ deploy: true, cores: 1 });
    expect(load(['--deploy', 'false']).deploy).toBe(false);
  });

  it('warns when environment and file differ, and of a password on the command line', () => {
    const properties = file('clash.properties', 'DC_CORES=3\nHTTP_PORT=1\n');
    const { warnings } = readConfiguration(settings, ['--properties', properties, '--rabbitmq-url', 'amqp://u:topsecret@h'], {
      DC_CORES: '2',
      HTTP_PORT: '1',
    });
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/DC_CORES.*clash\.properties/);
    expect(warnings.join()).toMatch(/RABBITMQ_URL/);
    expect(warnings.join()).not.toContain('topsecret');
  });
});

describe('a configuration that cannot be used', () => {
  it.each([
    [['--http-prt', '1'], {}, /^--http-prt: no such flag; did you mean --http-port\?/],
    [['--http-port'], {}, /^--http-port: needs a value/],
    [['--http-port', '--help'], {}, /^--http-port: needs a value/],
    [['stray'], {}, /^argument 1: is not a flag/],
    [['--http-port', '70000'], {}, /^--http-port = "70000": must be a whole number from 0 to 65535/],
    [[], { HTTP_PORT: '0x10' }, /^HTTP_PORT = "0x10": must be a whole number/],
    [[], { PORT0: 'x' }, /^PORT0 = "x"/],
    [[], { DC_CORES: '-1' }, /^DC_CORES = "-1": must be a number from 0 to 1000/],
    [[], { DC_CORES: 'NaN' }, /^DC_CORES = "NaN"/],
    [[], { DEPLOY: 'maybe' }, /^DEPLOY = "maybe": must be true or false/],
    [[], { LOG_LEVEL: 'loud' }, /must be one of trace, debug, info/],
    [[], { MESOS_MASTER: 'localhost' }, /^MESOS_MASTER = "localhost": must be zk:/],
    [[], { MESOS_MASTER: 'zk://h:1' }, /^MESOS_MASTER/],
    [[], { FRAMEWORK_NAME: '../x' }, /^FRAMEWORK_NAME/],
    [[], { MESOS_PRINCIPAL: 'a:b' }, /^MESOS_PRINCIPAL = "a:b": must be text without ":"/],
    [[], { ZOOKEEPER: 'zk://h:1/x' }, /^ZOOKEEPER = "zk:\/\/h:1\/x": must be host:port/],
    [[], { ADVERTISED_URL: 'ftp://h' }, /^ADVERTISED_URL.*http:\/\/ or https:\/\//],
    [['--properties', '/nonexistent'], {}, /^--properties = "\/nonexistent": the file cannot be read \(ENOENT\)/],
  ] satisfies [string[], NodeJS.ProcessEnv, RegExp][])('%j %j is refused with field, value and remedy', (argv, env, message) => {
    expect(() => load(argv, env)).toThrow(message);
  });

  it('is named with the file that holds it', () => {
    const properties = file('bad.properties', 'DC_CORES=many\n');
    expect(() => load(['--properties', properties])).toThrow(`DC_CORES in ${properties} = "many": must be a number from 0 to 1000`);
  });

  it('never shows a password', () => {
    for (const url of ['http://u:topsecret@h', 'amqp:/u:topsecret@h']) {
      expect(() => load([], { RABBITMQ_URL: url })).toThrow(/RABBITMQ_URL/);
      expect(() => load([], { RABBITMQ_URL: url })).not.toThrow(/topsecret/);
    }
  });

  it('is one that lacks what is required', () => {
    const required = { n: setting({ env: 'N', description: 'N', schema: wholeNumber(), required: true }) };
    expect(() => loadConfiguration(required, [], {})).toThrow('N: is not set; give --n or set N');
  });
});

describe('MESOS_MASTER', () => {
  it.each([
    'zk://a:1,b:2/mesos',
    'zk://u:p@a:1/mesos',
    'zk://u:p@:%2F@a:1/mesos',
    'a:1, b:2',
    'host:5050',
    'a:1,b:2',
    'http://h:5050',
    'https://h',
    '[::1]:5050',
  ])('may be %s', (master) => {
    expect(load([], { MESOS_MASTER: master }).mesosMaster).toBe(master);
  });
});

describe('--help', () => {
  it('lists every setting with flag, variable and default, and no password', () => {
    const text = helpText('test-service', {
      ...settings,
      broker: setting({ env: 'B', description: 'B', schema: decimalNumber(), default: 'amqp://u:topsecret@h', secret: true }),
    });
    for (const { flag, env } of Object.values(settings)) expect(text).toMatch(new RegExp(`${flag}\\b[^]*${env}`));
    expect(text).toContain('ZOOKEEPER, STREAMS_ZKCONNECT; default: localhost:2181');
    expect(text).not.toContain('topsecret');
  });
});

describe('a file with a secret', () => {
  it('is read without the line break at its end', () => {
    expect(readSecretFile('MESOS_SECRET_FILE', file('secret', ' se cret\n'))).toBe(' se cret');
  });

  it('is refused when empty, too large or not there, without showing what it holds', () => {
    expect(() => readSecretFile('F', file('empty', '\n'))).toThrow(/^F = .*is empty/);
    expect(() => readSecretFile('F', file('large', 'x'.repeat(70_000)))).toThrow(/larger than 64 KiB/);
    expect(() => readSecretFile('F', dir)).toThrow(/cannot be read \(EISDIR\)/);
  });
});
