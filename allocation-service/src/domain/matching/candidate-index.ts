import type { Candidate } from './candidate.js';
import { dominantShare, type Totals } from './dominant-share.js';
import type { Need } from './need.js';
import type { Supply } from './supply.js';

const BLOCK_SIZE = 64;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Agents with gpus come last, for they are of use to what needs gpus; then the least dominant share comes first; between
 * equals the agent's id decides, so that the order in which offers arrive does not matter.
 */
const compare = (a: Candidate, b: Candidate): number => {
  if (a.hadGpus !== b.hadGpus) return a.hadGpus ? 1 : -1;
  if (a.share !== b.share) return (a.share ?? 0) - (b.share ?? 0);
  return compareTexts(a.agent.id, b.agent.id) || compareTexts(a.offerIds[0] ?? '', b.offerIds[0] ?? '');
};

/**
 * Some neighbours in the order, and the most that any of them has: a need above that is not looked for among them. What is
 * taken from one of them lowers that only when a search in vain shows that it matters.
 */
class Block {
  #isLoose = false;
  #cpus = 0;
  #mem = 0;
  #disk = 0;
  #gpus = 0;
  #ports = 0;

  constructor(readonly candidates: Candidate[]) {
    for (const candidate of candidates) this.#raise(candidate);
  }

  add(candidate: Candidate, place: number): void {
    this.candidates.splice(place, 0, candidate);
    this.#raise(candidate);
  }

  remove(place: number): void {
    this.candidates.splice(place, 1);
    this.#isLoose = true;
  }

  mayHaveRoom(need: Need): boolean {
    return (
      this.#cpus >= need.cpus && this.#mem >= need.mem && this.#disk >= need.disk && this.#gpus >= need.gpus && this.#ports >= need.ports
    );
  }

  searchedInVain(): void {
    if (!this.#isLoose) return;
    this.#isLoose = false;
    this.#cpus = this.#mem = this.#disk = this.#gpus = this.#ports = 0;
    for (const candidate of this.candidates) this.#raise(candidate);
  }

  #raise({ firm, revocable }: Candidate): void {
    this.#raiseTo(firm);
    if (revocable !== undefined) this.#raiseTo(revocable);
  }

  #raiseTo({ cpus, mem, disk, gpus, ports }: Supply): void {
    if (cpus > this.#cpus) this.#cpus = cpus;
    if (mem > this.#mem) this.#mem = mem;
    if (disk > this.#disk) this.#disk = disk;
    if (gpus > this.#gpus) this.#gpus = gpus;
    if (ports > this.#ports) this.#ports = ports;
  }
}

/** Who looks for room. */
export interface Visitor {
  /** Tells whether nothing more is looked for. */
  visit(candidate: Candidate): boolean;
}

/** Nothing can be launched without cpus and mem (src/master/validation.cpp, validateResources of a task's executor). */
const isUsedUp = (candidate: Candidate): boolean => candidate.most('cpus') === 0 || candidate.most('mem') === 0;

/**
 * Candidates in the order of best fit, in blocks of neighbours, so that finding room, or that there is none, takes about
 * the square root of their number.
 */
export class CandidateIndex {
  readonly #blocks: Block[] = [];
  readonly #totals: Totals;

  constructor(candidates: readonly Candidate[], totals: Totals) {
    this.#totals = totals;
    const sorted = candidates.filter((candidate) => this.#rank(candidate)).sort(compare);
    for (let start = 0; start < sorted.length; start += BLOCK_SIZE) this.#blocks.push(new Block(sorted.slice(start, start + BLOCK_SIZE)));
  }

  /** Notes what decides its place in the order; false: it has none. */
  #rank(candidate: Candidate): boolean {
    const hasPlace = !isUsedUp(candidate);
    candidate.share = hasPlace ? dominantShare(candidate, this.#totals) : undefined;
    candidate.hadGpus = candidate.most('gpus') > 0;
    return hasPlace;
  }

  mayHaveRoom(need: Need): boolean {
    for (const block of this.#blocks) if (block.mayHaveRoom(need)) return true;
    return false;
  }

  /**
   * Offers candidates that may have room to a visitor, the best fit first, until it returns true. It may place resources
   * on them, which `moved` has to be told of afterwards.
   */
  visit(need: Need, visitor: Visitor): void {
    for (const block of this.#blocks) {
      if (!block.mayHaveRoom(need)) continue;
      for (const candidate of block.candidates) if (visitor.visit(candidate)) return;
      block.searchedInVain();
    }
  }

  /** The same from the other end: whoever takes all that there is gets the most. */
  visitLargest(need: Need, visitor: Visitor): void {
    for (let index = this.#blocks.length - 1; index >= 0; index -= 1) {
      const block = this.#blocks[index];
      if (block === undefined || !block.mayHaveRoom(need)) continue;
      for (let place = block.candidates.length - 1; place >= 0; place -= 1) {
        const candidate = block.candidates[place];
        if (candidate !== undefined && visitor.visit(candidate)) return;
      }
      block.searchedInVain();
    }
  }

  /** Puts a candidate that has less or more than before to its new place. */
  moved(candidate: Candidate): void {
    this.remove(candidate);
    if (this.#rank(candidate)) this.#insert(candidate);
  }

  remove(candidate: Candidate): void {
    if (candidate.share === undefined) return;
    const index = this.#blockOf(candidate);
    const block = this.#blocks[index];
    const place = block?.candidates.indexOf(candidate) ?? -1;
    if (block === undefined || place < 0) return;
    block.remove(place);
    candidate.share = undefined;
    if (block.candidates.length === 0) this.#blocks.splice(index, 1);
  }

  /** The last block that begins at or before the candidate. */
  #blockOf(candidate: Candidate): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#blocks[middle]?.candidates[0];
      if (first !== undefined && compare(first, candidate) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #insert(candidate: Candidate): void {
    const index = this.#blockOf(candidate);
    const block = this.#blocks[index];
    if (block === undefined) {
      this.#blocks.push(new Block([candidate]));
      return;
    }
    const { candidates } = block;
    let place = candidates.length;
    while (place > 0 && compare(candidate, candidates[place - 1] ?? candidate) < 0) place -= 1;
    block.add(candidate, place);
    if (candidates.length > 2 * BLOCK_SIZE) this.#blocks.splice(index + 1, 0, new Block(candidates.splice(BLOCK_SIZE)));
  }
}
