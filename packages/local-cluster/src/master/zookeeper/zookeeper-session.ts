// A session at ZooKeeper: ends by itself when it was cut off for as long as the server keeps it, as Mesos's does
// (src/zookeeper/group.cpp, GroupProcess::timedout), and can be left open by a process that was killed or stopped.
import zookeeper, { type Client } from '#zookeeper-client';
import jute from '#zookeeper-jute';
import type { ZooKeeperUrl } from './zookeeper-url.js';

const { ACL, CreateMode, Id, Permission, State } = zookeeper;

/** ConnectionManager.STATES */
const DISCONNECTED = 0;
const RECONNECT_MS = 250;

export interface SessionEvents {
  /** A session begins or goes on after a loss of connection. */
  readonly connected: () => void;
  /** A connection broke, or could not be made. */
  readonly disconnected: () => void;
  /** It is over, and with it its ephemeral nodes; another one is being opened. */
  readonly expired: () => void;
}

export class ZooKeeperSession {
  private client: Client | undefined;
  private expiry: NodeJS.Timeout | undefined;
  private stopped = false;
  private frozen: 'connected' | 'disconnected' | undefined;

  constructor(
    private readonly where: ZooKeeperUrl,
    private readonly timeoutMs: number,
    private readonly events: SessionEvents,
  ) {}

  /** Who may do what with a node: with credentials all may read it and its creator change it (src/zookeeper/authentication.cpp). */
  private get acl(): InstanceType<typeof ACL>[] {
    if (this.where.credentials === undefined) return ACL.OPEN_ACL_UNSAFE;
    return [new ACL(Permission.READ, Id.ANYONE_ID_UNSAFE), new ACL(Permission.ALL, Id.AUTH_IDS)];
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  get isConnected(): boolean {
    return this.client?.getState() === State.SYNC_CONNECTED;
  }

  start(): void {
    const options = { sessionTimeout: this.timeoutMs, spinDelay: RECONNECT_MS, retries: 0 };
    const client = zookeeper.createClient(this.where.servers, options);
    this.client = client;
    if (this.where.credentials !== undefined) client.addAuthInfo('digest', Buffer.from(this.where.credentials));
    const whenCurrent = (react: () => void) => () => {
      if (client === this.client && !this.stopped && this.frozen === undefined) react();
    };
    client.on(
      'connected',
      whenCurrent(() => {
        clearTimeout(this.expiry);
        this.events.connected();
      }),
    );
    client.on(
      'disconnected',
      whenCurrent(() => this.awaitExpiry(client.getSessionTimeout())),
    );
    // The client itself says nothing of a connection that never came about.
    client.connectionManager.on('state', (state) => {
      if (state !== DISCONNECTED) return;
      if (client === this.client && this.frozen === 'connected') setImmediate(() => this.loseWhileFrozen(client));
      whenCurrent(() => this.events.disconnected())();
    });
    client.on(
      'expired',
      whenCurrent(() => this.expire()),
    );
    this.awaitExpiry(this.timeoutMs);
    client.connect();
  }

  /** Leaves at once: the session ends, and its nodes with it. */
  close(): Promise<void> {
    const client = this.end();
    if (client === undefined) return Promise.resolve();
    if (client.getState() !== State.SYNC_CONNECTED) {
      dropClient(client);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        dropClient(client);
        resolve();
      }, 1_000);
      client.once('disconnected', () => {
        clearTimeout(patience);
        resolve();
      });
      client.close();
    });
  }

  /** As by SIGKILL: the server keeps the session until its time is over. */
  abandon(): void {
    const client = this.end();
    if (client !== undefined) dropClient(client);
  }

  /** As by SIGSTOP: nothing is read, nothing is sent. */
  freeze(): void {
    const { client } = this;
    if (client === undefined || this.frozen !== undefined || this.stopped) return;
    clearTimeout(this.expiry);
    const { socket } = client.connectionManager;
    if (client.getState() === State.SYNC_CONNECTED && socket !== undefined) {
      this.frozen = 'connected';
      socket.pause();
      socket.setTimeout(0);
    } else {
      this.frozen = 'disconnected';
      dropClient(client);
    }
  }

  /** As by SIGCONT. */
  thaw(): void {
    const { frozen, client } = this;
    this.frozen = undefined;
    if (frozen === undefined || client === undefined || this.stopped) return;
    if (frozen === 'disconnected') return this.expire();
    client.connectionManager.socket?.resume();
    client.connectionManager.onSocketTimeout();
  }

  /** The server gave it up. A process that stands still opens no other connection. */
  private loseWhileFrozen(client: Client): void {
    if (client !== this.client || this.frozen !== 'connected') return;
    this.frozen = 'disconnected';
    dropClient(client);
  }

  /** Makes the node, and those above it, unless it exists. */
  async ensure(path: string): Promise<void> {
    await this.call<void>((client, done) => client.mkdirp(path, this.acl, (error) => done(error, undefined)));
  }

  /**
   * Not by the client's create(), which takes no path that ends with a slash.
   * @returns the path of the new ephemeral node, `prefix` with ten digits
   */
  createMember(prefix: string, data: Buffer): Promise<string> {
    const header = Object.assign(new jute.protocol.RequestHeader(), { type: jute.OP_CODES.CREATE });
    const acl = this.acl.map((one) => one.toRecord());
    const request = Object.assign(new jute.protocol.CreateRequest(), { path: prefix, data, acl, flags: CreateMode.EPHEMERAL_SEQUENTIAL });
    return this.call((client, done) =>
      client.connectionManager.queue(new jute.Request(header, request), (error, response) => done(error, response?.payload?.path)),
    );
  }

  children(path: string, changed: () => void): Promise<string[]> {
    return this.call((client, done) =>
      client.getChildren(
        path,
        () => {
          if (client === this.client && !this.stopped) changed();
        },
        done,
      ),
    );
  }

  data(path: string): Promise<Buffer | undefined> {
    return this.call((client, done) => client.getData(path, done));
  }

  private call<T>(operation: (client: Client, done: (error: Error | null, value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const { client } = this;
      if (client === undefined) return reject(new Error('ZooKeeper: no session'));
      operation(client, (error, value) => {
        if (client !== this.client) reject(new Error('ZooKeeper: the session is over'));
        else if (error === null || error === undefined) resolve(value);
        else reject(error);
      });
    });
  }

  private end(): Client | undefined {
    this.stopped = true;
    clearTimeout(this.expiry);
    const { client } = this;
    this.client = undefined;
    return client;
  }

  private awaitExpiry(ms: number): void {
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.expire(), ms);
    this.expiry.unref();
  }

  private expire(): void {
    clearTimeout(this.expiry);
    const { client } = this;
    this.client = undefined;
    if (client !== undefined) dropClient(client);
    this.events.expired();
    if (!this.stopped) this.start();
  }
}

/** Without a word to the server. */
const dropClient = (client: Client): void => {
  client.removeAllListeners();
  client.connectionManager.socket?.destroy();
  client.close();
};
