import type { Client } from 'node-zookeeper-client';
import type { Logger } from '../log/logger.js';
import { BAD_ANSWER, destroyClient, reconnectClient } from './client-guard.js';
import { SessionTransaction } from './client-transaction.js';
import { modeNumber } from './create-mode.js';
import type { CreateMode, ZooKeeperSession, ZooKeeperTransaction } from './session.js';
import { SessionClock } from './session-clock.js';
import { hasCode, retryOnConnectionLoss, ZooKeeperError, zookeeperErrorOf } from './zookeeper-error.js';

/** The server cuts the connection at 1 MiB, with everything around the data. */
const MAX_WRITE_BYTES = 1_000_000;

/** A session over a client that has just been connected. */
export class ClientSession implements ZooKeeperSession {
  readonly id: string;
  readonly timeoutMs: number;
  readonly #lost = new AbortController();
  readonly #clock: SessionClock;
  #check: NodeJS.Timeout;
  readonly #pending = new Set<(error: ZooKeeperError) => void>();
  readonly #watches = new Set<() => void>();
  #connected = true;
  #closing = false;
  #heartbeatSentAt: number | undefined;

  constructor(
    private readonly client: Client,
    /** Every path is below it; empty or beginning with a slash. */
    private readonly root: string,
    private readonly logger: Logger,
  ) {
    this.id = client.getSessionId().toString('hex');
    this.timeoutMs = client.getSessionTimeout();
    this.#clock = new SessionClock(this.timeoutMs, performance.now());
    client.on('disconnected', () => {
      this.#connected = false;
      this.#heartbeatSentAt = undefined;
      if (!this.lost.aborted && !this.#closing) this.logger.warn({ session: this.id }, 'disconnected from ZooKeeper, reconnecting');
    });
    client.on('connected', () => {
      this.#connected = true;
      const now = performance.now();
      this.#clock.reconnected(now);
      this.#heartbeat(now);
      this.logger.info({ session: this.id }, 'reconnected to ZooKeeper with the same session');
    });
    client.on('expired', () => this.end('the server has ended it'));
    client.on(BAD_ANSWER, (cause) => {
      this.logger.error({ error: cause, session: this.id }, 'an answer of ZooKeeper was not understood');
      this.#failPending(new ZooKeeperError('CONNECTION_LOSS', 'an answer of ZooKeeper was not understood', { cause }));
    });
    client.on('authenticationFailed', () => this.end('authentication failed'));
    this.#check = this.#checkLater();
  }

  get connected(): boolean {
    return this.#connected && !this.lost.aborted;
  }

  get lost(): AbortSignal {
    this.#endWhenOver(performance.now());
    return this.#lost.signal;
  }

  async get(path: string): Promise<{ readonly data: Buffer; readonly version: number } | undefined> {
    try {
      return await this.#do(`read ${path}`, (client, done) =>
        client.getData(this.absolute(path), (error, data, stat) =>
          done(error, () => ({ data: data ?? Buffer.alloc(0), version: stat.version })),
        ),
      );
    } catch (error) {
      if (hasCode(error, 'NO_NODE')) return undefined;
      throw error;
    }
  }

  children(path: string, onChange?: () => void): Promise<string[]> {
    return this.#do(`list ${path}`, (client, done) =>
      client.getChildren(this.absolute(path), this.#watch(onChange), (error, children) => done(error, () => children)),
    );
  }

  exists(path: string, onChange?: () => void): Promise<boolean> {
    return this.#do(`look for ${path}`, (client, done) =>
      client.exists(this.absolute(path), this.#watch(onChange), (error, stat) => done(error, () => stat !== null)),
    );
  }

  async create(path: string, data?: Buffer, mode: CreateMode = 'persistent'): Promise<string> {
    return this.#create(this.absolute(path), data, mode);
  }

  set(path: string, data: Buffer, version = -1): Promise<number> {
    return this.#do(
      `write ${path}`,
      (client, done) => client.setData(this.absolute(path), data, version, (error, stat) => done(error, () => stat.version)),
      data.length,
    );
  }

  remove(path: string, version = -1): Promise<void> {
    return this.#do(`remove ${path}`, (client, done) =>
      client.remove(this.absolute(path), version, (error) => done(error, () => undefined)),
    );
  }

  async ensurePath(path: string): Promise<void> {
    const names = this.absolute(path)
      .split('/')
      .filter((name) => name !== '');
    for (let depth = 1; depth <= names.length; depth++) {
      await retryOnConnectionLoss(() => this.#create(`/${names.slice(0, depth).join('/')}`)).catch((error: unknown) => {
        if (!hasCode(error, 'NODE_EXISTS')) throw error;
      });
    }
  }

  transaction(): ZooKeeperTransaction {
    const transaction = this.client.transaction();
    return new SessionTransaction(
      transaction,
      (path) => this.absolute(path),
      (bytes) => this.#do('commit a transaction', (_client, done) => transaction.commit((error) => done(error, () => undefined)), bytes),
    );
  }

  /** Says good-bye to the server, so that ephemeral nodes vanish at once; after two seconds it goes without. */
  async close(): Promise<void> {
    if (this.lost.aborted) return;
    if (this.#connected) {
      this.#closing = true;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 2000);
        this.client.once('disconnected', () => {
          clearTimeout(timer);
          resolve();
        });
        this.client.close();
      });
    }
    this.end('it was closed');
  }

  /** Ends the session from this side: everything under way is rejected, and every watch is told. */
  end(reason: string): void {
    if (this.#lost.signal.aborted) return;
    clearTimeout(this.#check);
    destroyClient(this.client);
    const error = new ZooKeeperError('SESSION_EXPIRED', `ZooKeeper session ${this.id} is over: ${reason}`);
    this.logger[this.#closing ? 'debug' : 'warn']({ session: this.id, reason }, 'ZooKeeper session is over');
    this.#lost.abort(error);
    this.#failPending(error);
    for (const watch of [...this.#watches]) watch();
  }

  #failPending(error: ZooKeeperError): void {
    for (const reject of [...this.#pending]) reject(error);
  }

  absolute(path: string): string {
    if (!path.startsWith('/')) throw new ZooKeeperError('BAD_ARGUMENTS', `a path begins with a slash, unlike ${JSON.stringify(path)}`);
    return path === '/' ? this.root || '/' : `${this.root}${path}`;
  }

  /** Soon enough for heartbeats, and no later than the moment at which the session is over. */
  #checkLater(): NodeJS.Timeout {
    const ms = Math.min(this.timeoutMs / 20, this.#clock.overAt - performance.now());
    return setTimeout(() => this.#keepAlive(), Math.max(1, ms));
  }

  /** Asks the server for a sign of life, and notices when none has come for too long, also after this process was paused. */
  #keepAlive(): void {
    const now = performance.now();
    if (this.#endWhenOver(now)) return;
    this.#check = this.#checkLater();
    if (this.#connected && this.#clock.isSilent(now)) {
      this.logger.warn({ session: this.id }, 'the ZooKeeper server does not answer, trying another');
      reconnectClient(this.client);
    } else if (this.#connected && (this.#heartbeatSentAt === undefined || now - this.#heartbeatSentAt >= this.timeoutMs / 4)) {
      this.#heartbeat(now);
    }
  }

  #heartbeat(now: number): void {
    this.#heartbeatSentAt = now;
    this.client.exists('/zookeeper', undefined, (error) => {
      if (!error) this.#clock.answered(now);
    });
  }

  /** @returns whether the session is over */
  #endWhenOver(now: number): boolean {
    if (!this.#lost.signal.aborted && this.#clock.isOver(now)) this.end(`no server has answered for ${this.timeoutMs} ms`);
    return this.#lost.signal.aborted;
  }

  #create(absolutePath: string, data: Buffer = Buffer.alloc(0), mode: CreateMode = 'persistent'): Promise<string> {
    return this.#do(
      `create ${absolutePath}`,
      (client, done) =>
        client.create(absolutePath, data, modeNumber(mode), (error, path) => done(error, () => path.slice(this.root.length))),
      data.length,
    );
  }

  #watch(onChange: (() => void) | undefined): (() => void) | undefined {
    if (onChange === undefined) return undefined;
    const watch = (): void => {
      if (!this.#watches.delete(watch)) return;
      try {
        onChange();
      } catch (error) {
        this.logger.error({ error }, 'a ZooKeeper watch failed');
      }
    };
    this.#watches.add(watch);
    return watch;
  }

  #do<T>(
    what: string,
    operation: (client: Client, done: (error: Error | null | undefined, result: () => T) => void) => void,
    bytes = 0,
  ): Promise<T> {
    const sentAt = performance.now();
    // A process that was paused gets here before the timer that would notice.
    if (this.#endWhenOver(sentAt)) return Promise.reject(this.lost.reason as ZooKeeperError);
    if (this.#closing) return Promise.reject(new ZooKeeperError('SESSION_EXPIRED', `${what}: the session is being closed`));
    if (bytes > MAX_WRITE_BYTES) {
      return Promise.reject(
        new ZooKeeperError('BAD_ARGUMENTS', `${what}: ${bytes} bytes are more than the ${MAX_WRITE_BYTES} that may be written at once`),
      );
    }
    const wasConnected = this.#connected;
    return new Promise<T>((resolve, reject) => {
      const fail = (error: ZooKeeperError): void => {
        this.#pending.delete(fail);
        reject(error);
      };
      this.#pending.add(fail);
      try {
        operation(this.client, (error, result) => {
          this.#pending.delete(fail);
          if (error) return reject(zookeeperErrorOf(error, what));
          if (wasConnected) this.#clock.answered(sentAt);
          resolve(result());
        });
      } catch (error) {
        fail(zookeeperErrorOf(error, what));
      }
    });
  }
}
