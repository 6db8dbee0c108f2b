// The local clusters that the suite starts for itself when it is given no master.
import { randomUUID } from 'node:crypto';
import { clustersFor, type CaseCluster } from './case-clusters.js';
import type { ConformanceCase } from './case.js';
import type { ClusterProcess } from './cluster-process.js';
import type { Control } from './control.js';
import { ZooKeeperLine } from './zookeeper-line.js';

export interface OwnCluster extends ClusterProcess {
  /** What its faults can't do. */
  readonly control: readonly Control[];
}

type Start = (flags: readonly string[]) => Promise<ClusterProcess>;

const startOne = async (start: Start, { flags, masters }: CaseCluster, zookeeper: string | undefined): Promise<OwnCluster> => {
  if (masters === 1 || zookeeper === undefined) return { ...(await start(flags)), control: [] };
  const line = await ZooKeeperLine.open(zookeeper);
  try {
    const cluster = await start([...flags, `--zk=zk://${line.address}/conformance-${randomUUID()}`]);
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
 * @param start a local cluster with these flags
 * @param zookeeper host:port; without it there is one master, and the cases that need more are not run
 */
export async function withOwnClusters(
  start: Start,
  cases: readonly ConformanceCase[],
  zookeeper: string | undefined,
  ask: (cluster: OwnCluster, cases: readonly ConformanceCase[]) => Promise<void>,
): Promise<void> {
  for (const one of clustersFor(cases, zookeeper !== undefined)) {
    const cluster = await startOne(start, one, zookeeper);
    try {
      await ask(cluster, one.cases);
    } finally {
      await cluster.stop();
    }
  }
}
