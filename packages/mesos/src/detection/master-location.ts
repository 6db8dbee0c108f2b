import type { MasterInfo } from '../generated/protocol.js';

/** Where the leading master is. */
export interface MasterLocation {
  /** `http(s)://host:port`, without a path. */
  readonly url: string;
  /** What it registered in ZooKeeper. */
  readonly masterInfo?: MasterInfo | undefined;
}
