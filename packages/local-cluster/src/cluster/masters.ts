// The masters' places: an address each, where a process runs, or did.
import type { MasterInfo } from '../generated/protocol.js';
import { MasterNode, type MasterNodeSettings } from '../master/master-node.js';
import type { FrameworkRecord } from '../master/domain/master-state.js';

export type MasterCondition = 'leading' | 'recovering' | 'following' | 'paused' | 'killed' | 'starting';

export interface MasterPlaceSettings extends Omit<MasterNodeSettings, 'ended'> {
  /** How soon a process that ended itself is started again, as a supervisor would. */
  readonly restartMs: number;
}

export class MasterPlace {
  private node: MasterNode | undefined;
  private isPaused = false;
  private isKilled = false;
  private restart: NodeJS.Timeout | undefined;
  private port: number;

  constructor(private readonly settings: MasterPlaceSettings) {
    this.port = settings.port;
  }

  /** host:port */
  get address(): string {
    return `${this.settings.ip}:${this.port}`;
  }

  get condition(): MasterCondition {
    if (this.isKilled) return 'killed';
    if (this.node === undefined) return 'starting';
    if (this.isPaused) return 'paused';
    const { leading, recovering } = this.node.current();
    if (!leading) return 'following';
    return recovering ? 'recovering' : 'leading';
  }

  /** Its process, while that can act. */
  get running(): MasterNode | undefined {
    return this.isPaused ? undefined : this.node;
  }

  get info(): MasterInfo | undefined {
    return this.node?.info;
  }

  /** @throws Error when the port is taken */
  async start(): Promise<void> {
    clearTimeout(this.restart);
    this.isKilled = false;
    const node: MasterNode = await MasterNode.start({
      ...this.settings,
      port: this.port,
      ended: (reason) => this.hasEnded(node, reason),
    });
    this.port = node.info.port;
    this.node = node;
  }

  /** Resolves when the election is as far as it can be. */
  async settled(): Promise<void> {
    await this.node?.settled();
  }

  kill(): void {
    clearTimeout(this.restart);
    this.isKilled = true;
    this.isPaused = false;
    this.node?.kill();
    this.node = undefined;
  }

  pause(): void {
    this.isPaused = true;
    this.node?.pause();
  }

  /** Of one that is paused. */
  resume(): void {
    this.isPaused = false;
    this.node?.resume();
  }

  async stop(): Promise<void> {
    clearTimeout(this.restart);
    this.isKilled = true;
    await this.node?.stop();
    this.node = undefined;
  }

  private hasEnded(node: MasterNode, reason: string): void {
    if (this.node !== node) return;
    this.node = undefined;
    this.isPaused = false;
    this.startLater(reason);
  }

  private startLater(reason: string): void {
    this.settings.print('a master is started again', { address: this.address, reason });
    this.restart = setTimeout(() => {
      this.start().catch((error: Error) => {
        if (!this.isKilled) this.startLater(error.message);
      });
    }, this.settings.restartMs);
  }
}

export const leaderOf = (places: readonly MasterPlace[]): MasterNode | undefined =>
  places.find(({ condition }) => condition === 'leading')?.running;

/** The master that a framework is subscribed with, and its record there. */
export const subscriptionOf = (
  places: readonly MasterPlace[],
  frameworkId: string,
): { readonly node: MasterNode; readonly framework: FrameworkRecord; readonly stream: string } | undefined => {
  for (const { running: node } of places) {
    const framework = node?.master.state.frameworks.get(frameworkId);
    if (node !== undefined && framework?.stream !== undefined) return { node, framework, stream: framework.stream };
  }
  return undefined;
};
