import type { Writable } from 'node:stream';

/** How often a slow stream moves on. */
const STEP_MS = 50;

/** Writes at once; or, as over a bad line, slowly or not at all. */
export class SlowWriter {
  private waiting: Buffer[] = [];
  private bytesPerSecond: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private credit = 0;
  private hasEnded = false;

  constructor(private readonly out: Writable) {
    out.once('close', () => this.forget());
  }

  write(bytes: Buffer): void {
    if (this.bytesPerSecond === undefined) this.out.write(bytes);
    else this.waiting.push(bytes);
  }

  /** After what waits. */
  end(): void {
    this.hasEnded = true;
    if (this.waiting.length === 0) this.out.end();
  }

  /** 0: nothing passes; undefined: all that waits passes, and what comes. */
  slow(bytesPerSecond: number | undefined): void {
    clearInterval(this.timer);
    this.bytesPerSecond = bytesPerSecond;
    this.credit = 0;
    if (bytesPerSecond === undefined) return this.pass(Infinity);
    if (bytesPerSecond > 0) this.timer = setInterval(() => this.step(bytesPerSecond), STEP_MS);
  }

  private step(bytesPerSecond: number): void {
    // What is not used while nothing waits is not saved up.
    this.credit = Math.min(this.credit, 1) + (bytesPerSecond * STEP_MS) / 1000;
    const bytes = Math.floor(this.credit);
    this.credit -= bytes;
    this.pass(bytes);
  }

  private pass(bytes: number): void {
    if (this.waiting.length === 0) return;
    let left = bytes;
    for (let first = this.waiting[0]; first !== undefined && left > 0; first = this.waiting[0]) {
      const part = first.subarray(0, left);
      this.out.write(part);
      left -= part.length;
      if (part.length === first.length) this.waiting.shift();
      else this.waiting[0] = first.subarray(part.length);
    }
    if (this.waiting.length === 0 && this.hasEnded) this.out.end();
  }

  private forget(): void {
    clearInterval(this.timer);
    this.waiting = [];
  }
}
