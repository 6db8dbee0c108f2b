import type { State } from './domain/model.js';
import type { StateCounts } from './metrics.js';

export const stateCounts = (state: State): StateCounts => {
  const resourcesByState = new Map<string, number>();
  for (const { state: name } of state.resources.values()) resourcesByState.set(name, (resourcesByState.get(name) ?? 0) + 1);
  let waitingRequests = 0;
  for (const request of state.requests.values()) if (request.waiting.size > 0) waitingRequests += 1;
  return { resourcesByState, waitingRequests, maintainedAgents: state.leader.maintenance.size };
};
