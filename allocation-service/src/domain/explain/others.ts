import type { Request, Resource } from '../model.js';
import { hasEnded } from '../resources.js';
import type { Explanation } from './explanation.js';

const MOST = 100;

const textOf = ({ state, task, placement, requestState, completion }: Resource): string => {
  const where = placement === undefined ? '' : ` on ${placement.host}`;
  switch (state) {
    case 'LAUNCHED':
      return `launched${where}, its task has not reported that it runs`;
    case 'RUNNING':
      if (task?.lostSince !== undefined) return `its task${where} can't be reached`;
      if (requestState === 'REQUEST_ALLOCATED') return `allocated${where}`;
      return task?.runningSince === undefined ? `its task runs${where} but is not ready yet` : `its task runs${where}, ALLOCATED follows`;
    case 'STOPPING':
      return `being stopped${where}`;
    default:
      return `${state.toLowerCase()}${completion === 'NONE' ? '' : ` (${completion})`}`;
  }
};

/** What there is to say of those that do not wait; the ended ones last. */
export const othersOf = (request: Request): Explanation['others'] =>
  [...request.resources]
    .filter((resource) => !request.waiting.has(resource))
    .sort((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || a.number - b.number)
    .slice(0, MOST)
    .map((resource) => ({ id: resource.id, state: resource.state, text: textOf(resource) }));
