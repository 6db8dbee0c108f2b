import { createClient } from 'node-zookeeper-client';
import type { Logger } from '../log/logger.js';
import { destroyClient, guardClient } from './client-guard.js';
import { ClientSession } from './client-session.js';
import { ZooKeeperError } from './zookeeper-error.js';

export interface SessionTarget {
  /** host:port[,host:port] */
  readonly servers: string;
  /** Where every path starts; empty or beginning with a slash, without one at its end. */
  readonly root: string;
}

/** Splits `host:port,host:port/path` into its parts. */
export const sessionTarget = (connectString: string): SessionTarget => {
  const slash = connectString.indexOf('/');
  if (slash < 0) return { servers: connectString, root: '' };
  return { servers: connectString.slice(0, slash), root: connectString.slice(slash).replace(/\/+$/, '') };
};

export interface SessionOptions {
  readonly sessionTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const RETRY_PAUSE_MS = 1000;

/** Opens a new session. Rejects with CONNECTION_LOSS when no server grants one in time, or with the reason of an abort. */
export const openSession = async (target: SessionTarget, options: SessionOptions): Promise<ClientSession> => {
  const { sessionTimeoutMs, connectTimeoutMs, logger, signal } = options;
  signal.throwIfAborted();
  const client = createClient(target.servers, { sessionTimeout: sessionTimeoutMs, spinDelay: RETRY_PAUSE_MS, retries: 0 });
  guardClient(client);
  await new Promise<void>((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      client.removeListener('connected', onConnected);
      then();
    };
    const giveUp = (error: Error): void =>
      settle(() => {
        destroyClient(client);
        reject(error);
      });
    const onConnected = (): void => settle(resolve);
    const onAbort = (): void => giveUp(signal.reason as Error);
    const timer = setTimeout(
      () =>
        giveUp(new ZooKeeperError('CONNECTION_LOSS', `no ZooKeeper server at ${target.servers} answered within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    signal.addEventListener('abort', onAbort);
    client.on('connected', onConnected);
    client.connect();
  });
  return new ClientSession(client, target.root, logger);
};
