/** When an agent's process can act: not while it is stopped (SIGSTOP), and never again after its end. */
export class ProcessLife {
  private waiting: (() => void)[] | undefined;
  private isOver = false;

  /** Now, or when the process goes on. */
  run(act: () => void): void {
    if (this.isOver) return;
    if (this.waiting !== undefined) this.waiting.push(act);
    else act();
  }

  after(ms: number, act: () => void): NodeJS.Timeout {
    return setTimeout(() => this.run(act), ms).unref();
  }

  suspend(): void {
    this.waiting ??= [];
  }

  resume(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const act of waiting) this.run(act);
  }

  end(): void {
    this.isOver = true;
    this.waiting = undefined;
  }
}
