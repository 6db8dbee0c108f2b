import type { Logger } from '../log/logger.js';
import type { ZooKeeperSession } from './session.js';

export interface ZooKeeperOptions {
  /** Default 10000. The server may grant another one. */
  readonly sessionTimeoutMs?: number;
  /** How long the first connection may take, default 10000. */
  readonly connectTimeoutMs?: number;
  readonly logger: Logger;
  /** Its abort closes the connection and so ends the session. */
  readonly signal?: AbortSignal;
}

/** A connection that outlives its sessions: when one is lost, it opens the next. */
export class ZooKeeperConnection {
  /** Rejects with CONNECTION_LOSS when no server answers within `connectTimeoutMs`; see `retryUntilDone` to wait longer. */
  static connect(_connectString: string, _options: ZooKeeperOptions): Promise<ZooKeeperConnection> {
    return Promise.reject(new Error('ZooKeeperConnection is being built'));
  }

  /** The newest session; it may be lost already, until the next one is there. */
  get session(): ZooKeeperSession {
    throw new Error('ZooKeeperConnection is being built');
  }

  /** Whether the newest session is alive and connected to a server. */
  get connected(): boolean {
    return false;
  }

  /** Calls `listener` with the newest session at once, and with each later one; returns how to stop that. */
  onSession(_listener: (session: ZooKeeperSession) => void): () => void {
    throw new Error('ZooKeeperConnection is being built');
  }

  /** Resolves with a session that is not lost. Rejects when `signal` aborts or the connection is closed. */
  whenSession(_signal?: AbortSignal): Promise<ZooKeeperSession> {
    return Promise.reject(new Error('ZooKeeperConnection is being built'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
