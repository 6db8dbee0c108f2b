// What of an agent's machine outlives the agent's process: its executors.
import type { Executor, ExecutorContext, ExecutorStart } from '../executor/executor.js';

/** The agent that starts it, and the fault that it may meet. */
export type StartedBy = Pick<ExecutorContext, 'agentId' | 'ip' | 'port' | 'diesAfterMs'>;
export type StartExecutor = (by: StartedBy, start: ExecutorStart) => Executor;

export class Machine {
  private readonly executors = new Map<string, Executor>();
  private readonly ending = new Set<Promise<void>>();

  private startExecutor: StartExecutor | undefined;

  /** A new process of the agent starts its executors so. */
  begin(startExecutor: StartExecutor): void {
    this.startExecutor = startExecutor;
  }

  /** @throws Error before the agent's first process began */
  start(by: StartedBy, start: ExecutorStart): Executor {
    if (this.startExecutor === undefined) throw new Error('no process of the agent has begun');
    const executor = this.startExecutor(by, start);
    this.executors.set(executor.containerId, executor);
    this.ending.add(executor.finished);
    void executor.finished.finally(() => this.ending.delete(executor.finished));
    return executor;
  }

  find(containerId: string): Executor | undefined {
    return this.executors.get(containerId);
  }

  /** It told of its end, or nobody wants to hear of it any more. */
  forget(containerId: string): void {
    this.executors.delete(containerId);
  }

  /** The agent's process is gone. */
  disconnect(): void {
    for (const executor of this.executors.values()) executor.connect(undefined);
  }

  /** Those that the agent which came back doesn't know: they are told to end. */
  shutdownUnknown(isKnown: (containerId: string) => boolean): void {
    for (const [containerId, executor] of [...this.executors]) {
      if (isKnown(containerId)) continue;
      executor.shutdown();
      this.forget(containerId);
    }
  }

  /** Ends all of them at once. */
  async stop(): Promise<void> {
    for (const executor of this.executors.values()) executor.destroy();
    this.executors.clear();
    await Promise.all(this.ending);
  }
}
