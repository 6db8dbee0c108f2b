import type { Pid } from './network.js';

/** Which master agents find when they look for the leader. A master that was killed stays on it until another one leads. */
export class LeaderBoard {
  private leader: Pid | undefined;
  private readonly watchers = new Set<(leader: Pid | undefined) => void>();

  current(): Pid | undefined {
    return this.leader;
  }

  announce(leader: Pid): void {
    this.change(leader);
  }

  withdraw(pid: Pid): void {
    if (this.leader === pid) this.change(undefined);
  }

  /** Tells of the leader now and of each change. @returns ends it */
  watch(watcher: (leader: Pid | undefined) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.leader);
    return () => this.watchers.delete(watcher);
  }

  private change(leader: Pid | undefined): void {
    this.leader = leader;
    for (const watcher of [...this.watchers]) watcher(leader);
  }
}
