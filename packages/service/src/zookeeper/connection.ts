import { componentLogger, type Logger } from '../log/logger.js';
import { retryUntilDone } from '../retry.js';
import type { ClientSession } from './client-session.js';
import { openSession, sessionTarget, type SessionOptions, type SessionTarget } from './open-session.js';
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
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(session: ZooKeeperSession) => void>();
  readonly #waiting = new Set<() => void>();
  #session: ClientSession;

  private constructor(
    private readonly target: SessionTarget,
    private readonly options: SessionOptions,
    session: ClientSession,
  ) {
    this.#session = session;
    this.#follow(session);
  }

  /** Rejects with CONNECTION_LOSS when no server answers within `connectTimeoutMs`; see `retryUntilDone` to wait longer. */
  static async connect(connectString: string, options: ZooKeeperOptions): Promise<ZooKeeperConnection> {
    const target = sessionTarget(connectString);
    const sessionOptions: SessionOptions = {
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      logger: componentLogger(options.logger, 'zookeeper'),
      signal: options.signal ?? new AbortController().signal,
    };
    const session = await openSession(target, sessionOptions);
    try {
      await session.ensurePath('/');
    } catch (error) {
      await session.close();
      throw error;
    }
    const connection = new ZooKeeperConnection(target, sessionOptions, session);
    options.signal?.addEventListener('abort', () => void connection.close(), { once: true });
    return connection;
  }

  /** The newest session; it may be lost already, until the next one is there. */
  get session(): ZooKeeperSession {
    return this.#session;
  }

  /** Whether the newest session is alive and connected to a server. */
  get connected(): boolean {
    return this.#session.connected;
  }

  /** Calls `listener` with the newest session at once, and with each later one; returns how to stop that. */
  onSession(listener: (session: ZooKeeperSession) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#session);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with a session that is not lost. Rejects when `signal` aborts or the connection is closed. */
  async whenSession(signal?: AbortSignal): Promise<ZooKeeperSession> {
    for (;;) {
      signal?.throwIfAborted();
      this.#closing.signal.throwIfAborted();
      if (!this.#session.lost.aborted) return this.#session;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#waiting.delete(done);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        this.#waiting.add(done);
        signal?.addEventListener('abort', done);
      });
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new DOMException('the ZooKeeper connection is closed', 'AbortError'));
    this.#listeners.clear();
    this.#wake();
    await this.#session.close();
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  #follow(session: ClientSession): void {
    session.lost.addEventListener('abort', () => void this.#renew().catch(() => undefined), { once: true });
  }

  /** Opens the next session, however long that takes; rejects only when the connection is closed. */
  async #renew(): Promise<void> {
    const { logger } = this.options;
    const signal = AbortSignal.any([this.options.signal, this.#closing.signal]);
    const session = await retryUntilDone(() => openSession(this.target, { ...this.options, signal }), {
      what: 'open a new ZooKeeper session',
      logger,
      signal,
    });
    this.#session = session;
    this.#follow(session);
    logger.info({ session: session.id }, 'opened a new ZooKeeper session');
    for (const listener of [...this.#listeners]) {
      try {
        listener(session);
      } catch (error) {
        logger.error({ error }, 'a listener for ZooKeeper sessions failed');
      }
    }
    this.#wake();
  }
}
