import type { Licence } from '@streams-on-mesos/messages';
import type { Request, State, Task } from '../model.js';

// A licence is not fixed to a machine: a pool of so many is shared by the whole cluster. What is leased follows from the
// tasks alone, superseded ones too, since they may still run; so no lease can be lost, doubled or left behind by a crash.

/** How many of a licence there are; none of one that the scaling config does not name. */
export const licencePool = ({ scaling }: State, name: string): number =>
  // A name such as "constructor" must not find what every object has.
  scaling?.licences !== undefined && Object.hasOwn(scaling.licences, name) ? (scaling.licences[name] ?? 0) : 0;

/** How many of a licence are needed by tasks that may run. */
export const leasedLicences = (state: State, name: string): number => state.leased.get(name) ?? 0;

/**
 * The first licence of which the pool has too few left for one more resource of the request; undefined: all are there.
 * `promised` counts what was found for others in the same matching and is not leased yet.
 */
export const missingLicence = (state: State, request: Request, promised?: ReadonlyMap<string, number>): Licence | undefined =>
  request.requirements.licences.find(
    ({ name, count }) => leasedLicences(state, name) + (promised?.get(name) ?? 0) + count > licencePool(state, name),
  );

/** Notes in `promised` what one more resource of the request will lease. */
export const promiseLicences = (promised: Map<string, number>, request: Request): void => {
  for (const { name, count } of request.requirements.licences) promised.set(name, (promised.get(name) ?? 0) + count);
};

/** The task may run from now on. */
export const leaseLicences = (state: State, task: Task): void => {
  for (const { name, count } of task.licences) state.leased.set(name, leasedLicences(state, name) + count);
};

/** The task has ended for certain, or is forgotten. */
export const returnLicences = (state: State, task: Task): void => {
  if (task.licences.length > 0) state.leader.demand.licencesReturned = true;
  for (const { name, count } of task.licences) {
    const left = leasedLicences(state, name) - count;
    if (left > 0) state.leased.set(name, left);
    else state.leased.delete(name);
  }
};
