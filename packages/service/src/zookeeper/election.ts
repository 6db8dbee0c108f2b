import type { Logger } from '../log/logger.js';
import type { ZooKeeperConnection } from './connection.js';
import type { ZooKeeperSession } from './session.js';

export interface Leadership {
  /** The sequence number of the election node: grows with every leader. */
  readonly term: number;
  /** Path of the election node: what a write must check in its transaction. */
  readonly node: string;
  /** The session that owns the node. */
  readonly session: ZooKeeperSession;
  /** Aborted when leadership is lost or given up. */
  readonly signal: AbortSignal;
}

export interface CampaignOptions {
  readonly zookeeper: ZooKeeperConnection;
  readonly path: string;
  /** Kept in the election node, so that an operator sees who leads. */
  readonly instance: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /**
   * Called at each win; must return soon after `leadership.signal` aborts. Returning or throwing before that gives
   * leadership up: the node is removed and, after a pause, this instance campaigns again.
   */
  readonly lead: (leadership: Leadership) => Promise<void>;
  /** Called whenever this instance waits behind a leader. */
  readonly onStandby?: () => void;
}

/** Takes part in the election at `path` until `signal` aborts; then resolves. */
export const campaign = (_options: CampaignOptions): Promise<void> => Promise.reject(new Error('campaign is being built'));

/** Calls `onTerm` with the term in force at `path`, undefined while there is no leader, at once and at each change, until `signal` aborts. */
export const watchTerm = (
  _zookeeper: ZooKeeperConnection,
  _path: string,
  _onTerm: (term: number | undefined) => void,
  _signal: AbortSignal,
): Promise<void> => Promise.reject(new Error('watchTerm is being built'));
