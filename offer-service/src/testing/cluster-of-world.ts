import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster, type LocalClusterOptions } from '@streams-on-mesos/local-cluster';
import { afterEach } from 'vitest';

export interface FrameworkInState {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly offers: readonly unknown[];
  readonly tasks: readonly { readonly id: string; readonly state: string }[];
}

/** A local cluster for each test that starts one. */
export class ClusterOfWorld {
  #cluster: LocalCluster | undefined;
  #workDir: string | undefined;

  static forEachTest(): ClusterOfWorld {
    const clusters = new ClusterOfWorld();
    afterEach(() => clusters.#finish());
    return clusters;
  }

  async start(options: Omit<LocalClusterOptions, 'workDir'> = {}): Promise<LocalCluster> {
    this.#workDir = mkdtempSync(join(tmpdir(), 'offer-service-cluster-'));
    this.#cluster = await startLocalCluster({
      agents: 2,
      retryIntervals: { minMs: 1_000, maxMs: 2_000 },
      ...options,
      workDir: this.#workDir,
    });
    return this.#cluster;
  }

  /** The framework of that name that the master knows as not ended. */
  async framework(name: string): Promise<FrameworkInState | undefined> {
    const response = await fetch(`${this.#cluster?.url}/master/state`);
    const { frameworks } = (await response.json()) as { frameworks: FrameworkInState[] };
    return frameworks.find((framework) => framework.name === name);
  }

  async #finish(): Promise<void> {
    await this.#cluster?.stop();
    if (this.#workDir !== undefined) rmSync(this.#workDir, { recursive: true, force: true });
    this.#cluster = undefined;
    this.#workDir = undefined;
  }
}
