// What must have ended before its executor has: processes that may still live, launches that are under way.
export class UnfinishedWork {
  private readonly unfinished = new Set<Promise<void>>();

  /** @param work never rejects */
  add(work: Promise<unknown>): void {
    const settled: Promise<void> = work.then(() => void this.unfinished.delete(settled));
    this.unfinished.add(settled);
  }

  /** Until nothing is left, what was added meanwhile included. */
  async done(): Promise<void> {
    while (this.unfinished.size > 0) await Promise.all(this.unfinished);
  }
}
