export type CreateMode = 'persistent' | 'ephemeral' | 'persistent-sequential' | 'ephemeral-sequential';

/** Operations that are done all or none; a refused one rejects with the code of the operation that failed. */
export interface ZooKeeperTransaction {
  check(path: string, version?: number): this;
  create(path: string, data: Buffer | undefined, mode?: CreateMode): this;
  set(path: string, data: Buffer, version?: number): this;
  remove(path: string, version?: number): this;
  commit(): Promise<void>;
}

/** One ZooKeeper session. Every operation rejects with a ZooKeeperError; none hangs beyond the end of the session. */
export interface ZooKeeperSession {
  readonly id: string;
  readonly timeoutMs: number;
  /** Whether a server is connected right now. */
  readonly connected: boolean;
  /** Aborted when the session has expired, was closed, or had no contact with a server for as long as its timeout: when read, true to the moment, also in a process that was paused. */
  readonly lost: AbortSignal;
  get(path: string): Promise<{ readonly data: Buffer; readonly version: number } | undefined>;
  /** `onChange` is called once: at the next change, or when the session is lost. @throws NO_NODE */
  children(path: string, onChange?: () => void): Promise<string[]>;
  exists(path: string, onChange?: () => void): Promise<boolean>;
  /** Returns the path of the node, with its sequence number if it has one. */
  create(path: string, data?: Buffer, mode?: CreateMode): Promise<string>;
  /** Returns the new version. */
  set(path: string, data: Buffer, version?: number): Promise<number>;
  remove(path: string, version?: number): Promise<void>;
  ensurePath(path: string): Promise<void>;
  transaction(): ZooKeeperTransaction;
}
