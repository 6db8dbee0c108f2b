// Who holds how much, and who is next: roles by their hierarchy, frameworks within a role
// (hierarchical.cpp: trackAllocatedResources, trackFrameworkUnderRole).
import type { FrameworkRecord, MasterState } from '../master-state.js';
import type { Resources } from '../../../resources/resources.js';
import { addClient, allocated, holdsNothing, inOrder, newSorter, removeClient, setActive, unallocated, type Sorter } from './sorter.js';

const sorterOf = (master: MasterState, role: string): Sorter => {
  const present = master.frameworkSorters.get(role);
  if (present !== undefined) return present;
  const sorter = newSorter();
  master.frameworkSorters.set(role, sorter);
  addClient(master.roleSorter, role);
  setActive(master.roleSorter, role, true);
  return sorter;
};

const untrackUnderRole = (master: MasterState, frameworkId: string, role: string): void => {
  const sorter = master.frameworkSorters.get(role);
  if (sorter === undefined || !holdsNothing(sorter, frameworkId)) return;
  removeClient(sorter, frameworkId);
  if (sorter.leaves.size > 0) return;
  master.frameworkSorters.delete(role);
  removeClient(master.roleSorter, role);
};

/** Takes in that a framework was offered or allocated resources. */
export function track(master: MasterState, framework: FrameworkRecord, role: string, resources: Resources): void {
  const sorter = sorterOf(master, role);
  addClient(sorter, framework.id);
  allocated(master.roleSorter, role, resources, master.totals);
  allocated(sorter, framework.id, resources, master.totals);
}

/** Takes in that it gave them back. */
export function untrack(master: MasterState, framework: FrameworkRecord, role: string, resources: Resources): void {
  const sorter = master.frameworkSorters.get(role);
  if (sorter === undefined) return;
  unallocated(sorter, framework.id, resources, master.totals);
  unallocated(master.roleSorter, role, resources, master.totals);
  if (!framework.roles.includes(role)) untrackUnderRole(master, framework.id, role);
}

/** To be called whenever a framework's state, roles or suppressed roles have changed. `before`: the roles that it had. */
export function updateStanding(master: MasterState, framework: FrameworkRecord, before: readonly string[] = framework.roles): void {
  for (const role of framework.roles) {
    const sorter = sorterOf(master, role);
    addClient(sorter, framework.id);
    setActive(sorter, framework.id, framework.state === 'active' && !framework.suppressedRoles.has(role));
  }
  for (const role of before) {
    if (framework.roles.includes(role)) continue;
    const sorter = master.frameworkSorters.get(role);
    if (sorter !== undefined) setActive(sorter, framework.id, false);
    untrackUnderRole(master, framework.id, role);
  }
}

/** Of a framework that is gone; it holds nothing any more. */
export function forgetStanding(master: MasterState, framework: FrameworkRecord): void {
  for (const [role, sorter] of [...master.frameworkSorters])
    if (sorter.leaves.has(framework.id)) untrackUnderRole(master, framework.id, role);
}

/** Roles that frameworks have, the least served first. */
export const rolesInOrder = (master: MasterState): readonly string[] => inOrder(master.roleSorter, master.totals);

/** The frameworks of a role that take offers, the least served first. */
export const frameworksInOrder = (master: MasterState, role: string): readonly string[] => {
  const sorter = master.frameworkSorters.get(role);
  return sorter === undefined ? [] : inOrder(sorter, master.totals);
};
