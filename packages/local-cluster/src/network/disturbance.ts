// What can be wrong with the messages of one process: some kinds of them are kept back, lost, doubled or late.
import type { Message } from './messages.js';

/** A kind of message, or all of them. */
export type MessageKind = Message['type'] | '*';

export type DisturbanceKind =
  /** They wait until it is mended. */
  | { readonly type: 'hold' }
  | { readonly type: 'drop' }
  /** Each arrives twice. */
  | { readonly type: 'double' }
  /** Each arrives so much later, in order. */
  | { readonly type: 'delay'; readonly ms: number };

interface Late {
  readonly pass: () => void;
  readonly dueAt: number;
}

export class Disturbance {
  private readonly waiting: Late[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly how: DisturbanceKind) {}

  handle(pass: () => void): void {
    switch (this.how.type) {
      case 'drop':
        return;
      case 'double':
        pass();
        return pass();
      case 'hold':
        this.waiting.push({ pass, dueAt: Infinity });
        return;
      case 'delay':
        this.waiting.push({ pass, dueAt: Date.now() + this.how.ms });
        return this.wait();
    }
  }

  /** What was kept back goes on, in order. */
  mend(): void {
    clearTimeout(this.timer);
    for (const { pass } of this.waiting.splice(0)) pass();
  }

  private wait(): void {
    const first = this.waiting[0];
    if (this.timer !== undefined || first === undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        while ((this.waiting[0]?.dueAt ?? Infinity) <= Date.now()) this.waiting.shift()?.pass();
        this.wait();
      },
      Math.max(0, first.dueAt - Date.now()),
    );
    this.timer.unref();
  }
}
