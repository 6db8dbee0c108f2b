// Stands for election as Mesos's contender and detector do: an ephemeral sequential node `json.info_`, the lowest one leads
// (src/master/contender/zookeeper.cpp, src/master/detector/zookeeper.cpp).
import zookeeper, { type Client } from '#zookeeper-client';
import type { MasterInfo } from '../../generated/protocol.js';
import type { Leadership } from '../leadership.js';

const LABEL = 'json.info_';
const SESSION_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;

export interface ZooKeeperPath {
  /** host:port,… */
  readonly servers: string;
  readonly path: string;
}

/** @throws Error naming what is wrong with a --zk text */
export const parseZooKeeperPath = (text: string): ZooKeeperPath => {
  const match = /^zk:\/\/([^/@\s]+)(\/[^\s]+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new Error(`--zk: '${text}' cannot be understood: expected zk://host:port[,host:port]/path, as in zk://localhost:2181/mesos`);
  return { servers: match[1], path: match[2].replace(/\/$/, '') };
};

export class Contender implements Leadership {
  private client: Client | undefined;
  private node: string | undefined;
  private standing: { leading: boolean; leader?: string | undefined } = { leading: false };
  private stopped = false;

  constructor(
    private readonly where: ZooKeeperPath,
    private readonly info: MasterInfo,
    private readonly log: (message: string, fields: Record<string, unknown>) => void,
    /** A real master ends itself here; this one ends its subscriptions and stands again. */
    private readonly onLeadershipLost: () => void,
  ) {}

  current(): { readonly leading: boolean; readonly leader?: string | undefined } {
    return this.standing;
  }

  start(): void {
    const client = zookeeper.createClient(this.where.servers, { sessionTimeout: SESSION_TIMEOUT_MS, spinDelay: RETRY_MS, retries: 0 });
    this.client = client;
    client.on('connected', () => void this.enter(client));
    client.on('expired', () => {
      this.change({ leading: false });
      this.node = undefined;
      client.close();
      if (!this.stopped) this.start();
    });
    client.connect();
  }

  /** Leaves at once: the node goes with the session. */
  stop(): Promise<void> {
    this.stopped = true;
    const { client } = this;
    if (client === undefined || client.getState() !== zookeeper.State.SYNC_CONNECTED) return Promise.resolve();
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, 1_000);
      client.once('disconnected', () => {
        clearTimeout(patience);
        resolve();
      });
      client.close();
    });
  }

  private async enter(client: Client): Promise<void> {
    try {
      await call<void>((done) => client.mkdirp(this.where.path, (error) => done(error, undefined)));
      this.node ??= await call<string>((done) =>
        client.create(
          `${this.where.path}/${LABEL}`,
          Buffer.from(JSON.stringify(this.info)),
          zookeeper.ACL.OPEN_ACL_UNSAFE,
          zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL,
          done,
        ),
      );
      await this.look(client);
    } catch (error) {
      this.retry(client, () => this.enter(client), error);
    }
  }

  private async look(client: Client): Promise<void> {
    if (this.stopped || client !== this.client) return;
    const watch = (): void => void this.look(client);
    try {
      const children = await call<string[]>((done) => client.getChildren(this.where.path, watch, done));
      const own = this.node?.slice(this.node.lastIndexOf('/') + 1);
      if (own === undefined || !children.includes(own)) {
        this.node = undefined;
        this.change({ leading: false });
        return await this.enter(client);
      }
      const [lowest] = children.filter((name) => name.startsWith(LABEL)).sort();
      if (lowest === undefined) return this.change({ leading: false });
      if (own === lowest) return this.change({ leading: true });
      const data = await call<Buffer | undefined>((done) => client.getData(`${this.where.path}/${lowest}`, done));
      const { address, hostname, port } = JSON.parse(data?.toString('utf8') ?? '{}') as MasterInfo;
      const leader = `${address?.hostname ?? hostname ?? ''}:${address?.port ?? port ?? 5050}`;
      // What a killed master of this address left behind until its session ends.
      this.change({ leading: false, leader: leader === `${this.info.hostname}:${this.info.port}` ? undefined : leader });
    } catch (error) {
      this.retry(client, () => this.look(client), error);
    }
  }

  private retry(client: Client, again: () => Promise<void>, error: unknown): void {
    if (this.stopped || client !== this.client) return;
    this.log('ZooKeeper: trying again', { reason: String(error) });
    setTimeout(() => void again(), RETRY_MS).unref();
  }

  private change(standing: { leading: boolean; leader?: string | undefined }): void {
    if (standing.leading !== this.standing.leading) this.log(standing.leading ? 'elected as the leading master' : 'not leading', {});
    const lost = this.standing.leading && !standing.leading;
    this.standing = standing;
    if (lost) this.onLeadershipLost();
  }
}

const call = <T>(operation: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => operation((error, value) => (error === null || error === undefined ? resolve(value) : reject(error))));
