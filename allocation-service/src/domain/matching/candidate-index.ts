import type { Candidate } from './candidate.js';
import { dominantShare, type Totals } from './dominant-share.js';
import type { Need } from './need.js';
import type { Supply } from './supply.js';

const BLOCK_SIZE = 64;

/** A candidate at its place in the order. */
interface Item {
  readonly candidate: Candidate;
  hasGpus: boolean;
  share: number;
}

/**
 * Agents with gpus come last, for they are of use to what needs gpus; then the least dominant share comes first; between
 * equals the agent's id decides, so that the order in which offers arrive does not matter.
 */
const compareItems = (a: Item, b: Item): number => {
  if (a.hasGpus !== b.hasGpus) return a.hasGpus ? 1 : -1;
  if (a.share !== b.share) return a.share - b.share;
  return a.candidate.agent.id < b.candidate.agent.id ? -1 : a.candidate.agent.id > b.candidate.agent.id ? 1 : compareOffers(a, b);
};

const compareOffers = (a: Item, b: Item): number => {
  const [left, right] = [a.candidate.offers[0]?.id.value ?? '', b.candidate.offers[0]?.id.value ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
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

  constructor(readonly items: Item[]) {
    for (const { candidate } of items) this.#raise(candidate);
  }

  add(item: Item, place: number): void {
    this.items.splice(place, 0, item);
    this.#raise(item.candidate);
  }

  remove(place: number): void {
    this.items.splice(place, 1);
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
    for (const { candidate } of this.items) this.#raise(candidate);
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

/** Nothing can be launched without cpus and mem (src/master/validation.cpp, validateResources of a task's executor). */
const isUsedUp = (candidate: Candidate): boolean => candidate.most('cpus') === 0 || candidate.most('mem') === 0;

/**
 * Candidates in the order of best fit, in blocks of neighbours, so that finding room, or that there is none, takes about
 * the square root of their number.
 */
export class CandidateIndex {
  readonly #blocks: Block[] = [];
  readonly #items = new Map<Candidate, Item>();
  readonly #totals: Totals;

  constructor(candidates: readonly Candidate[], totals: Totals) {
    this.#totals = totals;
    const items: Item[] = [];
    for (const candidate of candidates) {
      if (isUsedUp(candidate)) continue;
      const item = { candidate, hasGpus: candidate.most('gpus') > 0, share: dominantShare(candidate, totals) };
      this.#items.set(candidate, item);
      items.push(item);
    }
    items.sort(compareItems);
    for (let start = 0; start < items.length; start += BLOCK_SIZE) this.#blocks.push(new Block(items.slice(start, start + BLOCK_SIZE)));
  }

  /**
   * Offers candidates that may have room to `visit`, the best fit first, until it returns true. It may place resources on
   * them, which `moved` has to be told of afterwards.
   */
  visit(need: Need, visit: (candidate: Candidate) => boolean): void {
    for (const block of this.#blocks) {
      if (!block.mayHaveRoom(need)) continue;
      for (const { candidate } of block.items) if (visit(candidate)) return;
      block.searchedInVain();
    }
  }

  /** The same from the other end: whoever takes all that there is gets the most. */
  visitLargest(need: Need, visit: (candidate: Candidate) => boolean): void {
    for (let index = this.#blocks.length - 1; index >= 0; index -= 1) {
      const block = this.#blocks[index];
      if (block === undefined || !block.mayHaveRoom(need)) continue;
      for (let place = block.items.length - 1; place >= 0; place -= 1) {
        const item = block.items[place];
        if (item !== undefined && visit(item.candidate)) return;
      }
      block.searchedInVain();
    }
  }

  /** Puts a candidate of which something was taken to its new place. */
  moved(candidate: Candidate): void {
    const item = this.#items.get(candidate);
    if (item === undefined) return;
    this.#take(item);
    if (isUsedUp(candidate)) {
      this.#items.delete(candidate);
      return;
    }
    item.hasGpus = candidate.most('gpus') > 0;
    item.share = dominantShare(candidate, this.#totals);
    this.#insert(item);
  }

  remove(candidate: Candidate): void {
    const item = this.#items.get(candidate);
    if (item === undefined) return;
    this.#take(item);
    this.#items.delete(candidate);
  }

  /** The last block that begins at or before the item. */
  #blockOf(item: Item): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#blocks[middle]?.items[0];
      if (first !== undefined && compareItems(first, item) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #take(item: Item): void {
    const index = this.#blockOf(item);
    const block = this.#blocks[index];
    const place = block?.items.indexOf(item) ?? -1;
    if (block === undefined || place < 0) return;
    block.remove(place);
    if (block.items.length === 0) this.#blocks.splice(index, 1);
  }

  #insert(item: Item): void {
    const index = this.#blockOf(item);
    const block = this.#blocks[index];
    if (block === undefined) {
      this.#blocks.push(new Block([item]));
      return;
    }
    const { items } = block;
    let place = items.length;
    while (place > 0 && compareItems(item, items[place - 1] ?? item) < 0) place -= 1;
    block.add(item, place);
    if (items.length > 2 * BLOCK_SIZE) this.#blocks.splice(index + 1, 0, new Block(items.splice(BLOCK_SIZE)));
  }
}
