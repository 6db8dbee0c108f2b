// An executor's connection to its agent: what it says while the agent's process is gone waits for the next one.
import type { ExecutorListener, ExecutorStatus } from './executor.js';

export class Connection {
  private listener: ExecutorListener | undefined;
  private waiting: ((listener: ExecutorListener) => void)[] = [];

  get isOpen(): boolean {
    return this.listener !== undefined;
  }

  connect(listener: ExecutorListener | undefined): void {
    this.listener = listener;
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
    this.tell((listener) => listener.exited(waitStatus));
  }

  /** What was not told dies with the executor's process. */
  forget(): void {
    this.waiting = [];
  }

  private tell(say: (listener: ExecutorListener) => void): void {
    if (this.listener === undefined || this.waiting.length > 0) this.waiting.push(say);
    else say(this.listener);
  }
}
