// Stands for election: an ephemeral sequential node, the lowest one leads (src/master/contender/zookeeper.cpp). With a replicated
// registry its log's replica is a member of a group of its own (src/log/log.cpp, LogProcess).
import type { MasterInfo } from '../../generated/protocol.js';
import { Detector, type DetectorSettings } from './detector.js';
import { encodeMasterInfo, LOG_REPLICAS, MASTER_LABEL } from './members.js';

export interface ContenderSettings extends DetectorSettings {
  readonly info: MasterInfo;
  /** The process of its replica of the log, as `log-replica(1)@127.0.0.1:5050`; undefined: its registry is in memory. */
  readonly replica: string | undefined;
  /** Its own node is gone, or the session that held it. */
  readonly lostCandidacy: () => void;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export class Contender extends Detector {
  /** Its own nodes, once they are made. */
  private member: string | undefined;
  private replica: string | undefined;

  constructor(protected override readonly settings: ContenderSettings) {
    super(settings);
  }

  /** The process is killed: its node stays until the session's time is over. */
  abandon(): void {
    this.session.abandon();
  }

  freeze(): void {
    this.session.freeze();
  }

  thaw(): void {
    this.session.thaw();
  }

  protected override async prepare(): Promise<void> {
    const { where, info, replica } = this.settings;
    await super.prepare();
    this.member ??= nameOf(await this.session.createMember(`${where.path}/${MASTER_LABEL}`, encodeMasterInfo(info)));
    if (replica === undefined || this.replica !== undefined) return;
    const replicas = `${where.path}/${LOG_REPLICAS}`;
    await this.session.ensure(replicas);
    this.replica = await this.session.createMember(`${replicas}/`, Buffer.from(replica));
  }

  protected override sawMembers(children: readonly string[]): void {
    if (this.member === undefined || children.includes(this.member)) return;
    this.member = undefined;
    this.settings.lostCandidacy();
    // A follower contends again; a leader has ended by now.
    this.look();
  }

  protected override lostSession(): void {
    this.replica = undefined;
    if (this.member === undefined) return;
    this.member = undefined;
    this.settings.lostCandidacy();
  }
}
