import { connect } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './ports.js';
import { startPart, type Part } from './part.js';

export interface ZooKeeperPart extends Part {
  /** host:port */
  readonly connectString: string;
}

/** ZooKeeper Administrator's Guide, "The Four Letter Words": a server that serves answers `ruok` with `imok`. */
const isServing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('ruok'));
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(answer === 'imok'));
  });

/** Starts Debian's ZooKeeper, on loopback, with its data under `dir`; the same `dir` and port go on where it was stopped. */
export const startZooKeeper = async (options: {
  readonly dir: string;
  readonly runDirectory?: string;
  readonly port?: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<ZooKeeperPart> => {
  const { dir } = options;
  const port = options.port ?? (await freePorts(1))[0]!;
  mkdirSync(join(dir, 'data'), { recursive: true });
  const config = join(dir, 'zoo.cfg');
  // A tick of 500 ms allows session timeouts from 1 s on; the default of 2 s would not let a test see a session end soon.
  writeFileSync(
    config,
    [
      `dataDir=${join(dir, 'data')}`,
      'clientPortAddress=127.0.0.1',
      `clientPort=${port}`,
      'tickTime=500',
      'maxSessionTimeout=40000',
      'maxClientCnxns=0',
      'admin.enableServer=false',
      '4lw.commands.whitelist=ruok,srvr,stat,mntr',
      'autopurge.purgeInterval=1',
      '',
    ].join('\n'),
  );
  const part = await startPart({
    name: 'ZooKeeper',
    runDirectory: options.runDirectory ?? dir,
    launch: {
      command: 'java',
      args: [
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        '/usr/share/java/*',
        'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        config,
      ],
      env: {},
      cwd: dir,
      logFile: join(dir, 'zookeeper.log'),
    },
    isReady: () => isServing(port),
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
    signal: options.signal,
  });
  return { ...part, connectString: `127.0.0.1:${port}` };
};
