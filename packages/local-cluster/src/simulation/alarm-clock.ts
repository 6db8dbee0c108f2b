// Very many things that are to happen later, and one timer for all of them.

interface Alarm {
  /** Of the monotonic clock, ms. */
  readonly at: number;
  /** Of two at the same time the one that was set first rings first. */
  readonly order: number;
  act: (() => void) | undefined;
}

/** What setTimeout takes at most; what is later is waited for again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const isBefore = (left: Alarm, right: Alarm): boolean => left.at < right.at || (left.at === right.at && left.order < right.order);

/** A binary heap; what was called off stays in it until its time has come. */
export class AlarmClock {
  private readonly heap: Alarm[] = [];
  private order = 0;
  private timer: { readonly handle: NodeJS.Timeout; readonly at: number } | undefined;

  /** Calls back once in `ms`; never within this call. Returns what calls it off. */
  after(ms: number, act: () => void): () => void {
    const alarm: Alarm = { at: performance.now() + ms, order: this.order++, act };
    this.insert(alarm);
    this.wait();
    return () => (alarm.act = undefined);
  }

  /** Nothing rings any more. */
  stop(): void {
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
    this.heap.length = 0;
  }

  private wait(): void {
    const [first] = this.heap;
    if (first === undefined || (this.timer !== undefined && this.timer.at <= first.at)) return;
    clearTimeout(this.timer?.handle);
    const handle = setTimeout(() => this.ring(), Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(first.at - performance.now()))));
    handle.unref();
    this.timer = { handle, at: first.at };
  }

  private ring(): void {
    this.timer = undefined;
    const now = performance.now();
    for (let first = this.heap[0]; first !== undefined && first.at <= now; first = this.heap[0]) {
      this.removeFirst();
      first.act?.();
    }
    this.wait();
  }

  private insert(alarm: Alarm): void {
    const { heap } = this;
    let index = heap.push(alarm) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(alarm, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = alarm;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      if (left === undefined) break;
      const [child, at] = right !== undefined && isBefore(right, left) ? [right, 2 * index + 2] : [left, 2 * index + 1];
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = at;
    }
    heap[index] = last;
  }
}
