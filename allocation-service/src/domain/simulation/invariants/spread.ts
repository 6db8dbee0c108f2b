import type { Constraint } from '@streams-on-mesos/messages';
import type { Request, State, Task } from '../../model.js';
import { fieldOf } from './constraints.js';
import { InvariantError } from './invariant-error.js';
import type { ModelAgent } from '../model/agent.js';

type AgentOf = (agentId: string) => ModelAgent | undefined;

/** Those of one request, in the order in which they were placed. */
const byRequest = (state: State, launched: readonly Task[]): Map<Request, Task[]> => {
  const requests = new Map<Request, Task[]>();
  const numberOf = ({ resourceId }: Task): number => state.resources.get(resourceId)?.number ?? 0;
  for (const task of [...launched].sort((a, b) => numberOf(a) - numberOf(b))) {
    const request = state.resources.get(task.resourceId)?.request;
    if (request !== undefined) requests.set(request, [...(requests.get(request) ?? []), task]);
  }
  return requests;
};

/** Why no one more may be where the value is; docs/constraints.md of Marathon, "GROUP_BY operator". */
const unevenAt = (value: string | undefined, values: readonly (string | undefined)[], groups: number): string | undefined => {
  if (value === undefined) return 'the agent has no such field';
  const same = values.filter((one) => one === value).length;
  if (same === 0) return undefined;
  const distinct = [...new Set(values)];
  if (distinct.length < groups) return `${value} is used although there are to be ${groups} groups and are ${distinct.join()}`;
  const fewer = distinct.find((other) => values.filter((one) => one === other).length < same);
  return fewer === undefined ? undefined : `${value} has ${same} already, ${fewer} has fewer`;
};

/**
 * What was launched in one step is spread evenly, as GROUP_BY asks: judged one by one, for each may only be where fewest are
 * when it is placed. Not for start commands that are made for a host: those are launched later than they are placed.
 */
export const checkSpread = (state: State, launched: readonly Task[], agentOf: AgentOf): void => {
  for (const [request, tasks] of byRequest(state, launched)) {
    const { constraints = [], workload } = request.allocate ?? {};
    if (workload?.deferred === true) continue;
    for (const constraint of constraints) if (constraint.operator === 'GROUP_BY') checkOne(request, tasks, constraint, agentOf);
  }
};

const checkOne = (request: Request, tasks: readonly Task[], { field, value = '' }: Constraint, agentOf: AgentOf): void => {
  const fresh = new Set(tasks);
  const before = [...request.resources].flatMap(({ task }) => (task === undefined || fresh.has(task) ? [] : [task]));
  const values = before.map(({ agentId }) => fieldOf(field, agentOf(agentId)));
  for (const task of tasks) {
    const own = fieldOf(field, agentOf(task.agentId));
    const uneven = unevenAt(own, values, Number(value));
    if (uneven !== undefined) throw new InvariantError(`${task.id} is not spread by ${field}: ${uneven}`);
    values.push(own);
  }
};
