import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { pino, stdTimeFunctions } from 'pino';
import { startLocalCluster } from './cluster/local-cluster.js';
import { conformanceCommand } from './conformance/main.js';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`must be a whole number, and is '${text}'`);
  return value;
};

const environment = (text: string): Record<string, string> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string'))
      return value as Record<string, string>;
  } catch {
    // said below
  }
  throw new InvalidArgumentError(`must be a JSON object of texts, as in '{"PATH":"/usr/bin"}'`);
};

const program = new Command('local-cluster')
  .description('A Mesos master and agents for a laptop and for tests; never for production')
  .option('--agents <n>', 'agents', whole, 3)
  .option('--simulated', 'tasks only seem to run (sleep 5, exit 3; all else until it is killed), so that there can be thousands of agents')
  .option('--port <port>', 'port of the master; 0: a free one', whole, 5050)
  .option('--ip <address>', 'address to listen on; there is no authentication, so think twice beyond loopback', '127.0.0.1')
  .option('--zk <url>', 'stand for election: zk://host:port[,host:port]/path')
  .option('--work-dir <dir>', 'where sandboxes are made; default: a new temporary directory')
  .option('--resources <text>', `of each agent, in Mesos's syntax (default: cpus:8;mem:16384;disk:102400 and 500 ports)`)
  .option('--attributes <text>', `of each agent, in Mesos's syntax`)
  .option('--hostname <names...>', 'host names of the agents (default: 127.0.0.11, 127.0.0.12, …)')
  .option('--executor-environment-variables <json>', `what tasks find in their environment besides what Mesos sets`, environment, {});

const logger = pino({
  base: { service: 'local-cluster' },
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
});

const start = async (): Promise<void> => {
  const options = program.opts<{
    agents: number;
    simulated?: boolean;
    port: number;
    ip: string;
    zk?: string;
    workDir?: string;
    resources?: string;
    attributes?: string;
    hostname?: string[];
    executorEnvironmentVariables: Record<string, string>;
  }>();
  try {
    const cluster = await startLocalCluster({
      agents: options.agents,
      ...(options.simulated === undefined ? {} : { simulated: options.simulated }),
      port: options.port,
      ip: options.ip,
      zk: options.zk,
      workDir: options.workDir ?? mkdtempSync(join(tmpdir(), 'local-cluster-')),
      ...(options.resources === undefined ? {} : { resources: options.resources }),
      ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
      ...(options.hostname === undefined ? {} : { hostnames: options.hostname }),
      executorEnvironment: options.executorEnvironmentVariables,
      log: (message, fields) => logger.info(fields, message),
    });
    logger.info({ url: cluster.url, agents: options.simulated === true ? options.agents : cluster.agents() }, 'ready');
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(1);
      stopping = true;
      void cluster.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    process.stderr.write(`local-cluster: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
};

await program.action(start).addCommand(conformanceCommand()).parseAsync();
