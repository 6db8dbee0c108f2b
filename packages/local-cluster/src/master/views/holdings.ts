// Who holds what (master.hpp: Framework::totalUsedResources, totalOfferedResources; Slave::usedResources, offeredResources).
import { add, type Resources } from '../../resources/resources.js';
import type { AgentRecord, FrameworkRecord } from '../domain/master-state.js';
import { isTerminal } from '../domain/task.js';
import type { Holding } from './resources-view.js';

const perRole = (parts: Iterable<Holding>): Holding[] => {
  const sums = new Map<string, Resources>();
  for (const { role, resources } of parts) sums.set(role, add(sums.get(role) ?? [], resources));
  return [...sums].map(([role, resources]) => ({ role, resources }));
};

/** By tasks that have not ended and by executors. */
export const usedBy = ({ tasks, executors }: Pick<AgentRecord | FrameworkRecord, 'tasks' | 'executors'>): Holding[] =>
  perRole([...[...tasks.values()].filter(({ state }) => !isTerminal(state) && state !== 'TASK_UNREACHABLE'), ...executors.values()]);

export const offeredBy = ({ offers }: Pick<AgentRecord | FrameworkRecord, 'offers'>): Holding[] => perRole(offers.values());

export const total = (holdings: readonly Holding[]): Resources =>
  holdings.reduce<Resources>((sum, { resources }) => add(sum, resources), []);
