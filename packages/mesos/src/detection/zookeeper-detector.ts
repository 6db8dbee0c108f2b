import { AsyncQueue } from '../async-queue.js';
import type { Log } from '../scheduler-client-settings.js';
import type { MasterAddress } from './master-address.js';
import { isSameMaster, leaderAmong, masterLocation, type MasterLocation } from './master-location.js';
import { mayNotRead, ZooKeeperSession } from './zookeeper-session.js';

export interface ZooKeeperDetectorOptions {
  readonly scheme: 'http' | 'https';
  readonly sessionTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How soon a group that does not exist yet is looked for again, and a session opened after one was lost. */
const RETRY_MS = 1_000;

/** Follows the masters' group in ZooKeeper: the leader is the member with the lowest sequence number (src/master/detector/zookeeper.cpp). */
class ZooKeeperDetector {
  readonly queue = new AsyncQueue<MasterLocation | undefined>({ onReturn: () => this.stop() });
  #session: ZooKeeperSession | undefined;
  #published: { readonly location: MasterLocation | undefined } | undefined;
  /** The node that the location published last was read from: its data never changes. */
  #node: string | undefined;
  #refusalTold = false;
  #looking = false;
  #lookAgain = false;
  #answerDue: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #sessionDoubtful: NodeJS.Timeout | undefined;
  readonly #probe: NodeJS.Timeout;

  constructor(
    private readonly address: MasterAddress & { readonly kind: 'zookeeper' },
    private readonly options: ZooKeeperDetectorOptions,
  ) {
    // A look now and then notices a server that has gone silent, and makes up for a watch that got lost.
    this.#probe = setInterval(() => this.#look(), Math.ceil(options.sessionTimeoutMs / 3));
    options.signal.addEventListener('abort', () => this.stop(), { once: true });
    if (options.signal.aborted) this.stop();
    else this.#openSession();
  }

  stop(): void {
    for (const timer of [this.#probe, this.#retry, this.#sessionDoubtful, this.#answerDue]) clearTimeout(timer);
    this.#session?.close();
    this.#session = undefined;
    this.queue.end();
  }

  #openSession(): void {
    const session = new ZooKeeperSession(
      { connectString: this.address.connectString, auth: this.address.auth, sessionTimeoutMs: this.options.sessionTimeoutMs },
      {
        onConnected: () => {
          clearTimeout(this.#sessionDoubtful);
          this.#look();
        },
        onDisconnected: () => this.#doubtSession(),
        onLost: (reason) => this.#loseSession(session, reason),
      },
    );
    this.#session = session;
    this.#doubtSession();
  }

  /** Without a connection for as long as the session may live, nobody knows who leads. */
  #doubtSession(): void {
    clearTimeout(this.#sessionDoubtful);
    this.#sessionDoubtful = setTimeout(() => {
      this.options.log('warn', 'no connection to ZooKeeper for the session timeout', { connectString: this.address.connectString });
      this.#publish(undefined);
    }, this.options.sessionTimeoutMs);
  }

  #loseSession(session: ZooKeeperSession, reason: string): void {
    if (session !== this.#session) return;
    this.options.log('warn', reason, { connectString: this.address.connectString });
    clearTimeout(this.#answerDue);
    session.close();
    this.#publish(undefined);
    this.#later(() => this.#openSession());
  }

  #later(action: () => void): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (this.#session !== undefined) action();
    }, RETRY_MS);
  }

  readonly #onChange = (): void => this.#look();

  /** One look at a time; what changes meanwhile leads to another one. */
  #look(): void {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#lookUntilUnchanged().finally(() => {
      this.#looking = false;
    });
  }

  async #lookUntilUnchanged(): Promise<void> {
    while (this.#lookAgain && this.#session !== undefined) {
      this.#lookAgain = false;
      const session = this.#session;
      this.#answerDue = setTimeout(() => session.reconnect(), this.options.sessionTimeoutMs * (2 / 3));
      try {
        await this.#lookOnce(session);
        this.#refusalTold = false;
      } catch (error) {
        // The connection was lost: the look follows that comes with the next one.
        this.options.log('debug', 'could not read the masters from ZooKeeper', { error: String(error) });
        if (mayNotRead(error)) this.#refused();
      } finally {
        clearTimeout(this.#answerDue);
      }
    }
  }

  /** Said once until the masters can be read: the look now and then goes on, in case that the access lists change. */
  #refused(): void {
    const { connectString, path, auth } = this.address;
    const fields = { connectString, path, user: auth?.slice(0, auth.indexOf(':')) };
    const what = 'ZooKeeper does not let this client read the masters; check user and password in zk://user:password@…';
    if (!this.#refusalTold) this.options.log('error', what, fields);
    this.#refusalTold = true;
    this.#publish(undefined);
  }

  async #lookOnce(session: ZooKeeperSession): Promise<void> {
    const { path } = this.address;
    const children = await session.children(path, this.#onChange);
    if (session !== this.#session) return;
    if (children === undefined) {
      this.#publish(undefined);
      return this.#later(() => this.#look());
    }
    const leader = leaderAmong(children);
    if (leader === undefined) return this.#publish(undefined);
    if (leader.name === this.#node && this.#published?.location !== undefined) return;
    const data = await session.data(`${path}/${leader.name}`);
    if (session !== this.#session) return;
    if (data === undefined) {
      // It ended between the list and the read: there is no leader until the next list says who follows.
      this.#publish(undefined);
      this.#lookAgain = true;
      return;
    }
    this.#publish(this.#locationOf(leader.name, data), leader.name);
  }

  #locationOf(node: string, data: Buffer): MasterLocation | undefined {
    try {
      return masterLocation(node, data, this.options.scheme);
    } catch (error) {
      this.options.log('error', 'cannot read what the leading master registered in ZooKeeper', {
        node: `${this.address.path}/${node}`,
        error: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  #publish(location: MasterLocation | undefined, node?: string): void {
    this.#node = node;
    if (this.#published !== undefined && isSameMaster(this.#published.location, location)) return;
    this.#published = { location };
    this.queue.push(location);
  }
}

/** See detectMaster. */
export const detectByZooKeeper = (
  address: MasterAddress & { readonly kind: 'zookeeper' },
  options: ZooKeeperDetectorOptions,
): AsyncIterable<MasterLocation | undefined> => new ZooKeeperDetector(address, options).queue;
