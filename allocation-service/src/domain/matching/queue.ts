import type { Request, Resource, State } from '../model.js';

/** The number of its first resource: numbers are given in the order of arrival, and are part of the records. */
const arrivalOf = ({ resources }: Request): number => {
  for (const { number } of resources) return number;
  return Infinity;
};

/** Highest priority first; of one priority who asked first, also within a millisecond. Negative when `a` comes before `b`. */
export const compareRequests = (a: Request, b: Request): number =>
  b.requirements.priority - a.requirements.priority || a.createdAt - b.createdAt || (a === b ? 0 : arrivalOf(a) - arrivalOf(b));

/** The requests that wait, in the order in which they are served. */
export const requestsInOrder = (state: State): Request[] => [...state.waiting].sort(compareRequests);

/** What of a request waits and need not wait for a back-off to end, in the order of its numbers; nothing once its deadline has passed. */
export const eligible = (request: Request, now: number): Resource[] => {
  const resources: Resource[] = [];
  if (now > (request.requirements.placeBy ?? Infinity)) return resources;
  let isSorted = true;
  for (const resource of request.waiting) {
    if (resource.notBefore > now) continue;
    isSorted &&= (resources.at(-1)?.number ?? -1) < resource.number;
    resources.push(resource);
  }
  return isSorted ? resources : resources.sort((a, b) => a.number - b.number);
};
