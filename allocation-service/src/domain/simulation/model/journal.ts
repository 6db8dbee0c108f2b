import type { Change } from '../../model.js';

/** ZooKeeper: the election and the journal, which only the elected can write. */
export class ModelJournal {
  term = 0;
  readonly records = new Map<string, Change>();

  /** @param fenced false plants a mistake: whoever believes to lead can write */
  constructor(readonly fenced: boolean) {}

  elect(): number {
    this.term += 1;
    return this.term;
  }

  write(term: number, changes: readonly Change[]): boolean {
    if (term !== this.term && this.fenced) return false;
    for (const change of changes) {
      const key = `${change.table} ${change.key}`;
      if (change.value === null) this.records.delete(key);
      else this.records.set(key, change);
    }
    return true;
  }
}
