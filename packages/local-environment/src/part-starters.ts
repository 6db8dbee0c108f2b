import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Addresses } from './addresses.js';
import { startPart, type Part } from './part.js';
import { RUN_MARKER } from './processes.js';
import { startRabbitMq } from './rabbitmq.js';
import { checkout, type RunDirectory } from './run-directory.js';
import type { Ports } from './run-record.js';
import { startZooKeeper } from './zookeeper.js';

export const partNames = ['ZooKeeper', 'RabbitMQ', 'Mesos', 'Marathon'] as const;
export type PartName = (typeof partNames)[number];

/** Where tasks find `node`: the one that runs this, whatever else is on the PATH of who started it. */
const taskPath = [dirname(process.execPath), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Programs run from copies in the run directory, so that the checkout may be moved, rebuilt or removed under them. */
const program = (run: RunDirectory, workspace: string): string => {
  const copy = join(run.path, 'programs', `${workspace}.mjs`);
  mkdirSync(join(run.path, 'programs'), { recursive: true });
  cpSync(join(checkout, 'packages', workspace, 'dist', 'main.mjs'), copy);
  return copy;
};

const answers = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;

export interface StartContext {
  readonly run: RunDirectory;
  readonly ports: Ports;
  readonly addresses: Addresses;
  readonly agents: number;
  readonly signal: AbortSignal;
}

/** How each part is started in a run. */
export const partStarters = ({ run, ports, addresses, agents, signal }: StartContext): Record<PartName, () => Promise<Part>> => {
  const dirOf = (name: string) => {
    const dir = join(run.path, name);
    mkdirSync(dir, { recursive: true });
    return dir;
  };
  const startNode = (name: PartName, workspace: string, args: readonly string[], readyUrl: string) =>
    startPart({
      name,
      runDirectory: run.path,
      launch: {
        command: process.execPath,
        args: ['--enable-source-maps', program(run, workspace), ...args],
        env: {},
        cwd: dirOf(workspace),
        logFile: join(dirOf(workspace), `${workspace}.log`),
      },
      isReady: () => answers(readyUrl),
      readyWithinMs: 30_000,
      stopWithinMs: 15_000,
      signal,
    });

  return {
    ZooKeeper: () => startZooKeeper({ dir: dirOf('zookeeper'), runDirectory: run.path, port: ports.zookeeper, signal }),
    RabbitMQ: () => startRabbitMq({ dir: dirOf('rabbitmq'), runDirectory: run.path, ports, signal }),
    Mesos: () =>
      startNode(
        'Mesos',
        'local-cluster',
        [
          ...['--agents', String(agents), '--port', String(ports.mesos), '--work-dir', dirOf('mesos')],
          ...['--zk', addresses.mesosMaster],
          ...['--executor-environment-variables', JSON.stringify({ [RUN_MARKER]: run.path, PATH: taskPath })],
        ],
        `${addresses.mesosUrl}/master/health`,
      ),
    Marathon: () =>
      startNode(
        'Marathon',
        'local-marathon',
        ['--master', addresses.mesosMaster, '--port', String(ports.marathon), '--state-file', join(dirOf('local-marathon'), 'state.json')],
        `${addresses.marathonUrl}/ping`,
      ),
  };
};
