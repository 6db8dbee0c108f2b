// An executor's connection to its agent: what it says while the agent's process is gone waits for the next one.
import type { ExecutorListener, ExecutorStatus } from './executor.js';

export interface ConnectionSettings {
  /** Without a checkpoint no agent ever comes back for an executor. */
  readonly checkpoint: boolean;
  readonly recoveryTimeoutMs: number;
  /** The agent does not come back, or not in time. */
  readonly onLost: () => void;
}

export class Connection {
  private listener: ExecutorListener | undefined;
  private waiting: ((listener: ExecutorListener) => void)[] = [];
  private recovery: NodeJS.Timeout | undefined;

  constructor(private readonly settings: ConnectionSettings) {}

  get isOpen(): boolean {
    return this.listener !== undefined;
  }

  /** Nothing waits to be told. */
  get isFlushed(): boolean {
    return this.waiting.length === 0;
  }

  connect(listener: ExecutorListener | undefined): void {
    this.listener = listener;
    clearTimeout(this.recovery);
    if (listener === undefined) return this.awaitRecovery();
    while (this.listener !== undefined) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      next(this.listener);
    }
  }

  status(status: ExecutorStatus): void {
    this.tell((listener) => listener.status(status));
  }

  exited(waitStatus: number): void {
    clearTimeout(this.recovery);
    this.tell((listener) => listener.exited(waitStatus));
  }

  /** What was not told dies with the executor's process. */
  forget(): void {
    this.waiting = [];
  }

  private awaitRecovery(): void {
    const { checkpoint, recoveryTimeoutMs, onLost } = this.settings;
    if (!checkpoint) return onLost();
    this.recovery = setTimeout(onLost, recoveryTimeoutMs);
    this.recovery.unref();
  }

  private tell(say: (listener: ExecutorListener) => void): void {
    if (this.listener === undefined || this.waiting.length > 0) this.waiting.push(say);
    else say(this.listener);
  }
}
