import type { Request, Resource, State } from '../model.js';

/** Highest priority first; of one priority who asked first. Negative when `a` comes before `b`. */
export const compareRequests = (a: Request, b: Request): number =>
  b.requirements.priority - a.requirements.priority || a.createdAt - b.createdAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

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
