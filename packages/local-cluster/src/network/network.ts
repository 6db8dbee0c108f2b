// How masters and agents reach each other: ordered between any two, never within the sender's own turn, and breakable.
import { Disturbance, type DisturbanceKind, type MessageKind } from './disturbance.js';
import type { Message } from './messages.js';

/** libprocess's PID, `master@127.0.0.1:5050` or `slave(1)@127.0.0.11:5051`. */
export type Pid = string;

export interface Process {
  receive(from: Pid, message: Message): void;
  /** A process that this one had linked to has ended (libprocess: ExitedEvent). */
  exited(peer: Pid): void;
}

interface Host {
  readonly process: Process;
  /** Those that want to know of its end. */
  readonly linkedBy: Set<Pid>;
  /** Those whose end it wants to know of. */
  readonly linkedTo: Set<Pid>;
  /** While it is stopped (SIGSTOP): what arrived meanwhile. */
  backlog: (() => void)[] | undefined;
}

export class Network {
  private readonly hosts = new Map<Pid, Host>();
  /** With whom they have lost a message since their ways were cut. */
  private readonly partitioned = new Map<Pid, Set<Pid>>();
  /** By sender and kind of message. */
  private readonly disturbances = new Map<Pid, Map<MessageKind, Disturbance>>();

  start(pid: Pid, process: Process): void {
    this.hosts.set(pid, { process, linkedBy: new Set(), linkedTo: new Set(), backlog: undefined });
  }

  /** The process ends: whoever linked to it is told, unless nothing passes between the two. */
  stop(pid: Pid): void {
    const host = this.hosts.get(pid);
    if (host === undefined) return;
    this.hosts.delete(pid);
    for (const peer of host.linkedBy) this.deliver(pid, peer, (process) => process.exited(pid));
    for (const other of host.linkedTo) this.hosts.get(other)?.linkedBy.delete(pid);
  }

  /** Linking to a process that is not there is told as its end. */
  link(from: Pid, to: Pid): void {
    const host = this.hosts.get(to);
    if (host !== undefined) {
      host.linkedBy.add(from);
      this.hosts.get(from)?.linkedTo.add(to);
    } else this.deliver(to, from, (process) => process.exited(to));
  }

  send(from: Pid, to: Pid, message: Message): void {
    const disturbed = this.disturbances.get(from);
    const disturbance = disturbed?.get(message.type) ?? disturbed?.get('*');
    const pass = (): void => this.deliver(from, to, (process) => process.receive(from, message));
    if (disturbance === undefined) pass();
    else disturbance.handle(pass);
  }

  /** From now on something is wrong with what `from` sends of that kind; '*': with all that it sends. */
  disturb(from: Pid, kind: MessageKind, how: DisturbanceKind): void {
    this.mend(from, kind);
    const disturbed = this.disturbances.get(from) ?? new Map<MessageKind, Disturbance>();
    disturbed.set(kind, new Disturbance(how));
    this.disturbances.set(from, disturbed);
  }

  /** Ends `disturb`, of all kinds unless one is named; what was kept back arrives. false: there was nothing to mend. */
  mend(from: Pid, kind?: MessageKind): boolean {
    const disturbed = this.disturbances.get(from);
    if (disturbed === undefined) return false;
    const kinds = kind === undefined ? [...disturbed.keys()] : [kind];
    let mended = false;
    for (const each of kinds) {
      const disturbance = disturbed.get(each);
      if (disturbance === undefined) continue;
      disturbed.delete(each);
      disturbance.mend();
      mended = true;
    }
    if (disturbed.size === 0) this.disturbances.delete(from);
    return mended;
  }

  /** The ways of `pid` are cut: nothing passes to or from it any more, and nobody is told. */
  partition(pid: Pid): void {
    if (!this.partitioned.has(pid)) this.partitioned.set(pid, new Set());
  }

  /**
   * Mends the ways. A connection on which something was lost is broken, and both its ends are told, as when TCP has given up; so none
   * of them goes on as if nothing had happened. false: there was nothing to heal.
   */
  heal(pid: Pid): boolean {
    const broken = this.partitioned.get(pid);
    this.partitioned.delete(pid);
    for (const peer of broken ?? []) {
      this.breakLink(pid, peer);
      this.breakLink(peer, pid);
    }
    return broken !== undefined;
  }

  isPartitioned(pid: Pid): boolean {
    return this.partitioned.has(pid);
  }

  /** The process stands still (SIGSTOP); what arrives waits. It must not send meanwhile: who pauses it sees to its timers. */
  pause(pid: Pid): void {
    const host = this.hosts.get(pid);
    if (host !== undefined) host.backlog ??= [];
  }

  /** The process goes on with what arrived meanwhile, in order. */
  resume(pid: Pid): void {
    const host = this.hosts.get(pid);
    const backlog = host?.backlog ?? [];
    if (host !== undefined) host.backlog = undefined;
    for (const deliver of backlog) setImmediate(deliver);
  }

  private breakLink(from: Pid, to: Pid): void {
    this.hosts.get(to)?.linkedBy.delete(from);
    this.deliver(to, from, (process) => process.exited(to));
  }

  private deliver(from: Pid, to: Pid, hand: (process: Process) => void): void {
    const arrive = (): void => {
      const host = this.hosts.get(to);
      const isLost = this.partitioned.has(from) || this.partitioned.has(to);
      this.partitioned.get(from)?.add(to);
      this.partitioned.get(to)?.add(from);
      if (host === undefined || isLost) return;
      if (host.backlog !== undefined) host.backlog.push(arrive);
      else hand(host.process);
    };
    setImmediate(arrive);
  }
}
