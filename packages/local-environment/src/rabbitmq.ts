import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from './ports.js';
import { partOf, startPart, type Part } from './part.js';

const run = promisify(execFile);

export interface RabbitMqPart extends Part {
  readonly url: string;
  /** What a later start in the same `dir` needs to come back as the same broker. */
  readonly ports: RabbitMqPorts;
  /** Runs rabbitmqctl on this broker; resolves to what it printed. */
  control(...args: string[]): Promise<string>;
}

export interface RabbitMqPorts {
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
}

/** AMQP 0-9-1, 4.2.2: a broker that has booted answers the protocol header with Connection.Start, a method frame (type 1). */
const isServing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1])));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data[0] === 1);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });

const STOP_WITHIN_MS = 20_000;

// Debian's /usr/sbin/rabbitmq-server switches to the user rabbitmq, who may not enter a clone under /root.
const SERVER_SCRIPT = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const CONTROL_SCRIPT = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/**
 * Starts Debian's RabbitMQ as a broker of our own: its own ports, node name, cookie, epmd and data under `dir`, beside
 * whatever broker this machine runs already. The same `dir` and ports go on where it was stopped.
 */
export const startRabbitMq = async (options: {
  readonly dir: string;
  readonly runDirectory?: string;
  readonly ports?: RabbitMqPorts;
  readonly signal?: AbortSignal | undefined;
}): Promise<RabbitMqPart> => {
  const { dir, runDirectory = options.dir } = options;
  const [amqp, distribution, epmd] = await freePorts(3);
  const ports = options.ports ?? { amqp: amqp!, distribution: distribution!, epmd: epmd! };
  const home = join(dir, 'home');
  for (const directory of [home, join(dir, 'data'), join(dir, 'log')]) mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(dir, 'rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
      'loopback_users.guest = true',
      'log.console = true',
      'log.console.level = info',
      'log.file = false',
      '',
    ].join('\n'),
  );
  writeFileSync(join(dir, 'enabled_plugins'), '[].\n');
  writeFileSync(join(dir, 'rabbitmq-env.conf'), '# Keeps /etc/rabbitmq/rabbitmq-env.conf out of this broker.\n');
  // The data directory is named after the node, so the name must be the same at each start in `dir`.
  const nodeName = `streams-on-mesos-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}@localhost`;
  const env = {
    HOME: home,
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_CONF_ENV_FILE: join(dir, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(dir, 'data'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_PID_FILE: join(dir, 'rabbitmq.pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  // epmd of our own in the foreground: the one that Erlang would start by itself stays behind when the broker ends.
  const nameServer = await startPart({
    name: 'epmd',
    runDirectory,
    launch: {
      command: 'epmd',
      args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
      env,
      cwd: dir,
      logFile: join(dir, 'epmd.log'),
    },
    isReady: () => accepts(ports.epmd),
    readyWithinMs: 10_000,
    stopWithinMs: 3_000,
    signal: options.signal,
  });
  try {
    const broker = await startPart({
      name: 'RabbitMQ',
      runDirectory,
      launch: { command: SERVER_SCRIPT, args: [], env, cwd: dir, logFile: join(dir, 'rabbitmq.log') },
      isReady: () => isServing(ports.amqp),
      readyWithinMs: 90_000,
      stopWithinMs: STOP_WITHIN_MS,
      signal: options.signal,
    });
    const part = partOf(broker.name, { ...broker, companions: [nameServer.process] }, STOP_WITHIN_MS);
    const control = async (...args: string[]): Promise<string> => {
      const { stdout } = await run(CONTROL_SCRIPT, ['--quiet', '-n', nodeName, ...args], { env: { ...process.env, ...env }, cwd: dir });
      return stdout;
    };
    return { ...part, url: `amqp://127.0.0.1:${ports.amqp}`, ports, control };
  } catch (error) {
    await nameServer.stop();
    throw error;
  }
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
