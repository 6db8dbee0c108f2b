// Finds the leading master (src/master/detector/zookeeper.cpp).
import type { MasterInfo } from '../../generated/protocol.js';
import { decodeMasterInfo, leadingMember } from './members.js';
import { ZooKeeperSession } from './zookeeper-session.js';
import type { ZooKeeperUrl } from './zookeeper-url.js';

const RETRY_MS = 500;

export interface DetectorSettings {
  readonly where: ZooKeeperUrl;
  readonly sessionTimeoutMs: number;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** undefined: there is none, or the session is lost and it can't be known. */
  readonly detected: (leader: MasterInfo | undefined) => void;
}

export class Detector {
  protected readonly session: ZooKeeperSession;
  private leading: string | undefined;
  private isLooking = false;
  private isChanged = false;
  private isCutOff = false;
  private settle: () => void = () => undefined;
  /** Resolves when the first leader is found or ZooKeeper can't be reached. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  constructor(protected readonly settings: DetectorSettings) {
    this.session = new ZooKeeperSession(settings.where, settings.sessionTimeoutMs, {
      connected: () => this.reached(),
      disconnected: () => this.cutOff(),
      expired: () => {
        this.lostSession();
        this.change(undefined, undefined);
      },
    });
  }

  start(): void {
    this.session.start();
  }

  async stop(): Promise<void> {
    await this.session.close();
  }

  private reached(): void {
    if (this.isCutOff) this.settings.log('ZooKeeper is reached', { servers: this.settings.where.servers });
    this.isCutOff = false;
    this.look();
  }

  /** Called for each attempt, and told once. */
  private cutOff(): void {
    if (!this.isCutOff) this.settings.log('ZooKeeper is not reached: trying on', { servers: this.settings.where.servers });
    this.isCutOff = true;
    this.settle();
  }

  /** What has to be there before the masters are looked at. */
  protected prepare(): Promise<void> {
    return this.session.ensure(this.settings.where.path);
  }

  protected sawMembers(_children: readonly string[]): void {
    // A detector only looks.
  }

  protected lostSession(): void {
    // A detector has nothing there.
  }

  /** One look at a time; what changes meanwhile is looked at after it. */
  protected look(): void {
    this.isChanged = true;
    if (this.isLooking) return;
    this.isLooking = true;
    void this.lookUntilUnchanged().finally(() => (this.isLooking = false));
  }

  private async lookUntilUnchanged(): Promise<void> {
    while (this.isChanged && !this.session.isStopped) {
      this.isChanged = false;
      try {
        await this.lookOnce();
      } catch (error) {
        // A session that is not connected looks again when it is.
        if (!this.session.isConnected) return;
        this.settings.log('ZooKeeper: trying again', { reason: String(error) });
        setTimeout(() => this.look(), RETRY_MS).unref();
      }
    }
  }

  private async lookOnce(): Promise<void> {
    const { path } = this.settings.where;
    await this.prepare();
    const children = await this.session.children(path, () => this.look());
    this.sawMembers(children);
    const leading = leadingMember(children);
    if (leading === undefined) return this.change(undefined, undefined);
    if (leading !== this.leading) this.change(leading, decodeMasterInfo(await this.session.data(`${path}/${leading}`)));
  }

  private change(leading: string | undefined, info: MasterInfo | undefined): void {
    if (leading === this.leading) return;
    this.leading = leading;
    this.settings.detected(info);
    if (leading !== undefined) this.settle();
  }
}
