import type { Request, Resource } from '../model.js';

/** What the scaled nodes have waited with for longest: they are one request that never ends, whatever was asked for of it when. */
const oldestOf = ({ waiting }: Request): Resource | undefined => {
  for (const resource of waiting) return resource;
  return undefined;
};

const askedAt = (request: Request): number =>
  request.allocate === undefined ? (oldestOf(request)?.createdAt ?? request.createdAt) : request.createdAt;

/** Numbers are given in the order of arrival, and are part of the records. */
const arrivalOf = (request: Request): number =>
  request.allocate === undefined ? (oldestOf(request)?.number ?? Infinity) : request.firstNumber;

/** Highest priority first; of one priority who asked first, also within a millisecond. Negative when `a` comes before `b`. */
export const compareRequests = (a: Request, b: Request): number =>
  b.requirements.priority - a.requirements.priority || askedAt(a) - askedAt(b) || (a === b ? 0 : arrivalOf(a) - arrivalOf(b));

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
