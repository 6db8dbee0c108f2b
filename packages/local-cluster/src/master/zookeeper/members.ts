// The masters' nodes below the path of --zk (src/master/contender/zookeeper.cpp, src/master/detector/zookeeper.cpp).
import type { MasterInfo } from '../../generated/protocol.js';

/** Followed by ten digits that ZooKeeper gives. */
export const MASTER_LABEL = 'json.info_';

/** Where the replicas of the registry's log are, below the masters' path (src/master/main.cpp). */
export const LOG_REPLICAS = 'log_replicas';

/** The smallest number leads. */
export const leadingMember = (children: readonly string[]): string | undefined =>
  children.filter((name) => name.startsWith(MASTER_LABEL)).sort()[0];

const sorted = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, one]) => [name, sorted(one)]),
      );

/** With the names in alphabetical order, as Mesos's JSON objects have them. */
export const encodeMasterInfo = (info: MasterInfo): Buffer => Buffer.from(JSON.stringify(sorted(info)));

/** undefined: not what a master writes. */
export const decodeMasterInfo = (data: Buffer | undefined): MasterInfo | undefined => {
  try {
    const info: unknown = JSON.parse(data?.toString('utf8') ?? '');
    return typeof info === 'object' && info !== null && 'id' in info ? (info as MasterInfo) : undefined;
  } catch {
    return undefined;
  }
};
