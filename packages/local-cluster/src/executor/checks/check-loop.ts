// Performs a check again and again, one at a time (src/checks/checker_process.cpp, CheckerProcess).
import type { CheckStatusInfo } from '../../generated/protocol.js';

export interface CheckTiming {
  readonly delayMs: number;
  /** From the end of a check to the next. */
  readonly intervalMs: number;
}

export interface CheckLoopSettings extends CheckTiming {
  /** @returns undefined: nothing can be said this time. @throws when the check itself failed */
  readonly perform: (signal: AbortSignal) => Promise<CheckStatusInfo | undefined>;
  /** `error`: the check itself failed, so there is no result. */
  readonly onResult: (result: { readonly status: CheckStatusInfo } | { readonly error: unknown }) => void;
}

export class CheckLoop {
  private timer: NodeJS.Timeout | undefined;
  private round: AbortController | undefined;

  constructor(private readonly settings: CheckLoopSettings) {
    this.round = new AbortController();
    this.scheduleNext(settings.delayMs, this.round);
  }

  /** A check that is under way is given up. */
  pause(): void {
    clearTimeout(this.timer);
    this.round?.abort();
    this.round = undefined;
  }

  /** At once. */
  resume(): void {
    if (this.round !== undefined) return;
    this.round = new AbortController();
    this.scheduleNext(0, this.round);
  }

  private scheduleNext(ms: number, round: AbortController): void {
    this.timer = setTimeout(() => void this.perform(round), ms);
  }

  private async perform(round: AbortController): Promise<void> {
    const result = await this.settings.perform(round.signal).then(
      (status) => status && { status },
      (error: unknown) => ({ error }),
    );
    if (round.signal.aborted) return;
    if (result !== undefined) this.settings.onResult(result);
    if (!round.signal.aborted) this.scheduleNext(this.settings.intervalMs, round);
  }
}
