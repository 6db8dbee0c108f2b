import type { Constraint } from '../../packages/messages/src/index.js';
import { CPUS, RACKS, ZONES, type TaskGroup } from './cluster.js';

/** What the plainest matcher would do: each task on the first agent with room, in the order of offers. No records, no tasks, no calls. */
export const firstFit = (groups: readonly TaskGroup[], agents: number): { cpus: number } => {
  const free = new Float64Array(agents).fill(CPUS);
  let used = 0;
  for (const { cpus, count } of groups) {
    for (let n = 0; n < count; n += 1) {
      const agent = free.findIndex((left) => left >= cpus);
      if (agent < 0) break;
      free[agent] = (free[agent] ?? 0) - cpus;
      used += cpus;
    }
  }
  return { cpus: used };
};

const valueOn = (agent: number, field: string): string =>
  field === '@hostname' ? `agent-${agent}.example` : field === '@zone' ? `zone-${agent % ZONES}` : `rack-${agent % RACKS}`;

/** Whether one more may be placed there, found out by counting all that were placed before, as Marathon does for each offer. */
const isAllowed = ({ field, operator, value = '' }: Constraint, agent: number, placed: readonly number[]): boolean => {
  const offered = valueOn(agent, field);
  const counts = new Map<string, number>();
  for (const other of placed) counts.set(valueOn(other, field), (counts.get(valueOn(other, field)) ?? 0) + 1);
  const count = counts.get(offered) ?? 0;
  switch (operator) {
    case 'UNIQUE':
      return count === 0;
    case 'MAX_PER':
      return count < Number(value);
    case 'LIKE':
      return new RegExp(`^(?:${value})$`).test(offered);
    default:
      return count === 0 || (counts.size >= Number(value) && count === Math.min(...counts.values()));
  }
};

/** The same with a constraint for each group. */
export const firstFitConstrained = (groups: readonly TaskGroup[], agents: number, constraintOf: (group: number) => Constraint): void => {
  const free = new Float64Array(agents).fill(CPUS);
  for (const [group, { cpus, count }] of groups.entries()) {
    const constraint = constraintOf(group);
    const placed: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const agent = free.findIndex((left, index) => left >= cpus && isAllowed(constraint, index, placed));
      if (agent < 0) break;
      free[agent] = (free[agent] ?? 0) - cpus;
      placed.push(agent);
    }
  }
};
