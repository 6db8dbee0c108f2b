/** Calls that wait for their time, in order; they don't overtake each other when the delay changes. */
export class DelayedCalls {
  private readonly waiting: { readonly dueAt: number; readonly run: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isPaused = false;

  constructor(private readonly delayMs: () => number) {}

  handle(run: () => void): void {
    const delay = this.delayMs();
    if (delay === 0 && this.waiting.length === 0 && !this.isPaused) return run();
    this.waiting.push({ dueAt: Date.now() + delay, run });
    this.wait();
  }

  pause(): void {
    this.isPaused = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  resume(): void {
    this.isPaused = false;
    this.wait();
  }

  private wait(): void {
    const [first] = this.waiting;
    if (this.isPaused || this.timer !== undefined || first === undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.waiting.shift()?.run();
        this.wait();
      },
      Math.max(0, first.dueAt - Date.now()),
    );
    this.timer.unref();
  }
}
