// The local clusters that cases are shown on: most need nothing in particular, some a cluster that can be broken, or other flags.
import type { ConformanceCase } from './case.js';

const USUAL = ['--port=0', '--agents=2'];
/** Its agents and master are broken, and missed soon. */
const BREAKABLE = ['--faults-port=0', '--agent_ping_timeout=300ms', '--max_agent_ping_timeouts=3'];
/** Elected through the ZooKeeper that whoever starts the cluster has. */
const SEVERAL = [...BREAKABLE, '--zk_session_timeout=1secs', '--registration_backoff_factor=100ms'];
/** With three masters two are a quorum of the registry, so that one can die. */
const MASTERS = {
  2: [...SEVERAL, '--masters=2'],
  3: [...SEVERAL, '--masters=3', '--registry=replicated_log'],
} as const;

export interface CaseCluster {
  readonly flags: readonly string[];
  readonly masters: number;
  readonly cases: readonly ConformanceCase[];
}

const flagsFor = ({ masters, needs, flags = [] }: ConformanceCase): readonly string[] => {
  if (masters !== undefined) return [...USUAL, ...MASTERS[masters], ...flags];
  return [...USUAL, ...(needs === undefined ? [] : BREAKABLE), ...flags];
};

/**
 * The clusters that show all of the cases, in the order of the first case of each.
 * @param canHaveSeveral whether there is a ZooKeeper to elect a leader; without one the cases that need it find a single master
 */
export const clustersFor = (cases: readonly ConformanceCase[], canHaveSeveral: boolean): CaseCluster[] => {
  const clusters = new Map<string, CaseCluster>();
  for (const one of cases) {
    const { masters, ...shown } = one;
    const several = canHaveSeveral ? (masters ?? 1) : 1;
    const flags = flagsFor(several === 1 ? shown : one);
    const key = flags.join(' ');
    clusters.set(key, { flags, masters: several, cases: [...(clusters.get(key)?.cases ?? []), one] });
  }
  return [...clusters.values()];
};
