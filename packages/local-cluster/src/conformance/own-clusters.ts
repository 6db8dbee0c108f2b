// The local clusters that the suite starts for itself when it is given no master, and which cases each is for.
import { randomUUID } from 'node:crypto';
import type { ConformanceCase } from './case.js';
import { startClusterProcess, type ClusterProcess } from './cluster-process.js';
import type { Control } from './control.js';
import { ZooKeeperLine } from './zookeeper-line.js';

export interface OwnCluster extends ClusterProcess {
  /** What its faults can't do. */
  readonly control: readonly Control[];
}

/** Its agents and masters can be broken, and are missed soon. */
const OWN = [
  '--port=0',
  '--faults-port=0',
  '--agent_ping_timeout=500ms',
  '--max_agent_ping_timeouts=3',
  '--executor_registration_timeout=3secs',
];
const SOON_MISSED = ['--zk_session_timeout=1secs'];

/** By how many masters a case needs: their registry can be replicated only where enough of them are left when one dies. */
const FLAGS = {
  1: [],
  2: [...SOON_MISSED, '--masters=2'],
  3: [...SOON_MISSED, '--masters=3', '--registry=replicated_log', '--agent_reregister_timeout=10secs'],
} as const;

const startOne = async (program: string, masters: 1 | 2 | 3, zookeeper: string | undefined): Promise<OwnCluster> => {
  const args = [...OWN, ...FLAGS[masters]];
  if (masters === 1 || zookeeper === undefined) return { ...(await startClusterProcess(program, args)), control: [] };
  const line = await ZooKeeperLine.open(zookeeper);
  try {
    const cluster = await startClusterProcess(program, [...args, `--zk=zk://${line.address}/conformance-${randomUUID()}`]);
    return {
      ...cluster,
      control: [line.control],
      stop: async () => {
        await cluster.stop();
        line.close();
      },
    };
  } catch (error) {
    line.close();
    throw error;
  }
};

/**
 * Starts a cluster for each group of the cases, one after the other, has it asked, and ends it.
 * @param program of the local cluster
 * @param zookeeper host:port; without it there is one master, and the cases that need more are not run
 */
export async function withOwnClusters(
  program: string,
  cases: readonly ConformanceCase[],
  zookeeper: string | undefined,
  ask: (cluster: OwnCluster, cases: readonly ConformanceCase[]) => Promise<void>,
): Promise<void> {
  for (const masters of [1, 2, 3] as const) {
    const those = cases.filter((one) => (zookeeper === undefined ? 1 : (one.masters ?? 1)) === masters);
    if (those.length === 0) continue;
    const cluster = await startOne(program, masters, zookeeper);
    try {
      await ask(cluster, those);
    } finally {
      await cluster.stop();
    }
  }
}
