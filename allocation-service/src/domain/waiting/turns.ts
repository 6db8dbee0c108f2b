import type { Request } from '../model.js';
import { compareRequests } from './queue.js';

/** Requests that are in order, of which the first is next. */
interface Line {
  first: Request;
  readonly rest: Iterator<Request, undefined>;
}

const comesFirst = (a: Line | undefined, b: Line | undefined): boolean =>
  a !== undefined && b !== undefined && compareRequests(a.first, b.first) < 0;

/** Puts the line at the top of the heap to where it belongs. */
const sink = (heap: Line[]): void => {
  for (let index = 0; ;) {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const child = comesFirst(heap[right], heap[left]) ? right : left;
    const [above, below] = [heap[index], heap[child]];
    if (above === undefined || below === undefined || !comesFirst(below, above)) return;
    heap[index] = below;
    heap[child] = above;
    index = child;
  }
};

/** One order of several that are in order each; of each only as much is looked at as is taken. */
export const inTurn = function* (requests: Iterable<Iterator<Request, undefined>>): Generator<Request, undefined> {
  const heap: Line[] = [];
  for (const rest of requests) {
    const { value: first } = rest.next();
    if (first !== undefined) heap.push({ first, rest });
  }
  heap.sort((a, b) => compareRequests(a.first, b.first));
  for (let [top] = heap; top !== undefined; [top] = heap) {
    yield top.first;
    const { value: next } = top.rest.next();
    const last = next === undefined ? heap.pop() : undefined;
    if (next !== undefined) top.first = next;
    else if (last !== undefined && last !== top) heap[0] = last;
    sink(heap);
  }
};
