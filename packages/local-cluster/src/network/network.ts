// How masters and agents reach each other: ordered between any two, never within the sender's own turn, and breakable.
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
  /** While it is stopped (SIGSTOP): what arrived meanwhile. */
  backlog: (() => void)[] | undefined;
}

export class Network {
  private readonly hosts = new Map<Pid, Host>();
  private readonly partitioned = new Set<Pid>();
  /** Messages of one kind from one process that are kept back. */
  private readonly held = new Map<Pid, { readonly type: Message['type']; readonly messages: (() => void)[] }>();

  start(pid: Pid, process: Process): void {
    this.hosts.set(pid, { process, linkedBy: new Set(), backlog: undefined });
  }

  /** The process ends: whoever linked to it is told, unless nothing passes between the two. */
  stop(pid: Pid): void {
    const host = this.hosts.get(pid);
    if (host === undefined) return;
    this.hosts.delete(pid);
    for (const peer of host.linkedBy) this.deliver(pid, peer, (process) => process.exited(pid));
    for (const other of this.hosts.values()) other.linkedBy.delete(pid);
  }

  /** Linking to a process that is not there is told as its end. */
  link(from: Pid, to: Pid): void {
    const host = this.hosts.get(to);
    if (host !== undefined) host.linkedBy.add(from);
    else this.deliver(to, from, (process) => process.exited(to));
  }

  send(from: Pid, to: Pid, message: Message): void {
    const held = this.held.get(from);
    const pass = (): void => this.deliver(from, to, (process) => process.receive(from, message));
    if (held?.type === message.type) held.messages.push(pass);
    else pass();
  }

  hold(from: Pid, type: Message['type']): void {
    if (!this.held.has(from)) this.held.set(from, { type, messages: [] });
  }

  release(from: Pid): void {
    const held = this.held.get(from);
    this.held.delete(from);
    for (const pass of held?.messages ?? []) pass();
  }

  /** Nothing passes to or from `pid` any more, and nobody is told. */
  partition(pid: Pid): void {
    this.partitioned.add(pid);
  }

  /** false: there was nothing to heal. */
  heal(pid: Pid): boolean {
    return this.partitioned.delete(pid);
  }

  /** The process stands still; what arrives waits. */
  pause(pid: Pid): void {
    const host = this.hosts.get(pid);
    if (host !== undefined) host.backlog ??= [];
  }

  resume(pid: Pid): void {
    const host = this.hosts.get(pid);
    const backlog = host?.backlog ?? [];
    if (host !== undefined) host.backlog = undefined;
    for (const deliver of backlog) setImmediate(deliver);
  }

  private deliver(from: Pid, to: Pid, hand: (process: Process) => void): void {
    const arrive = (): void => {
      const host = this.hosts.get(to);
      if (host === undefined || this.partitioned.has(from) || this.partitioned.has(to)) return;
      if (host.backlog !== undefined) host.backlog.push(arrive);
      else hand(host.process);
    };
    setImmediate(arrive);
  }
}
