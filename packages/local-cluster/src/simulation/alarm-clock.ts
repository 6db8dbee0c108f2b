// Very many things that are to happen later, and one timer for all of them.
import { Heap } from '../collections/heap.js';

interface Alarm {
  /** Of the monotonic clock, ms. */
  readonly at: number;
  /** Of two at the same time the one that was set first rings first. */
  readonly order: number;
  act: (() => void) | undefined;
}

/** What setTimeout takes at most; what is later is waited for again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class AlarmClock {
  /** What was called off stays in it until its time has come. */
  private readonly alarms = new Heap<Alarm>((left, right) => left.at < right.at || (left.at === right.at && left.order < right.order));
  private order = 0;
  private timer: { readonly handle: NodeJS.Timeout; readonly at: number } | undefined;

  /** Calls back once in `ms`; never within this call. Returns what calls it off. */
  after(ms: number, act: () => void): () => void {
    const alarm: Alarm = { at: performance.now() + ms, order: this.order++, act };
    this.alarms.add(alarm);
    this.wait();
    return () => (alarm.act = undefined);
  }

  /** Nothing rings any more. */
  stop(): void {
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
    this.alarms.clear();
  }

  private wait(): void {
    const { first } = this.alarms;
    if (first === undefined || (this.timer !== undefined && this.timer.at <= first.at)) return;
    clearTimeout(this.timer?.handle);
    const handle = setTimeout(() => this.ring(), Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(first.at - performance.now()))));
    handle.unref();
    this.timer = { handle, at: first.at };
  }

  private ring(): void {
    this.timer = undefined;
    const now = performance.now();
    for (let { first } = this.alarms; first !== undefined && first.at <= now; first = this.alarms.first) {
      this.alarms.removeFirst();
      first.act?.();
    }
    this.wait();
  }
}
