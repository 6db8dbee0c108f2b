// Where a leading master keeps its registry (src/master/registrar.cpp).
import { applyRegistryChange, emptyRegistry, type Registry } from './domain/registry.js';
import type { RegistryChange } from './domain/turn.js';
import type { Pid } from '../network/network.js';

/** One master's way to its registry. */
export interface Registrar {
  /** What the registry holds, as soon as it can be read. @throws Error when it can't be read in time */
  recover(): Promise<Registry>;
  apply(change: RegistryChange): void;
  /** The process ends, or stands still. */
  leave(): void;
  /** It goes on. */
  rejoin(): void;
}

/** --registry=in_memory: nothing survives the process. */
export const inMemoryRegistrar: Registrar = {
  recover: () => Promise.resolve(emptyRegistry()),
  apply: () => undefined,
  leave: () => undefined,
  rejoin: () => undefined,
};

export interface ReplicatedLogSettings {
  /** So many masters must live for a reading or a writing (--quorum). */
  readonly quorum: number;
  /** --registry_fetch_timeout and --registry_store_timeout */
  readonly fetchTimeoutMs: number;
  readonly storeTimeoutMs: number;
}

/**
 * --registry=replicated_log: what a quorum of the masters has. Whatever was written is in each quorum, so one copy stands for those
 * that the masters of Mesos have on their disks. It lives as long as the local cluster.
 */
export class ReplicatedLog {
  private readonly registry = emptyRegistry();
  private readonly replicas = new Set<Pid>();
  /** What waits for a quorum. */
  private waiting: (() => void)[] = [];

  constructor(readonly settings: ReplicatedLogSettings) {}

  /** `failed`: a change could not be written in time, at which a master ends. */
  registrarOf(pid: Pid, failed: (reason: string) => void): Registrar {
    let hasLeft = false;
    const rejoin = (): void => {
      hasLeft = false;
      this.replicas.add(pid);
      if (!this.hasQuorum()) return;
      for (const go of this.waiting.splice(0)) go();
    };
    rejoin();
    return {
      rejoin,
      leave: () => {
        hasLeft = true;
        this.replicas.delete(pid);
      },
      recover: () => this.untilQuorum(this.settings.fetchTimeoutMs, 'fetch').then(() => this.registry),
      apply: (change) => {
        if (this.hasQuorum()) return applyRegistryChange(this.registry, change);
        void this.untilQuorum(this.settings.storeTimeoutMs, 'store').then(
          () => {
            if (!hasLeft) applyRegistryChange(this.registry, change);
          },
          (error: Error) => {
            if (!hasLeft) failed(`Failed to update registry: ${error.message}`);
          },
        );
      },
    };
  }

  private hasQuorum(): boolean {
    return this.replicas.size >= this.settings.quorum;
  }

  private untilQuorum(timeoutMs: number, what: 'fetch' | 'store'): Promise<void> {
    if (this.hasQuorum()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((one) => one !== go);
        reject(new Error(`Failed to perform ${what} within ${timeoutMs / 1000}secs`));
      }, timeoutMs);
      timer.unref();
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push(go);
    });
  }
}
