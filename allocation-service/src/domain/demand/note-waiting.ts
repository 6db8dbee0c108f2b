import type { Request, State } from '../model.js';

/** Something of the request may be placed that could not before: Mesos is asked for offers anew. */
export const noteWaiting = ({ leader }: Pick<State, 'leader'>, request: Request): void => {
  leader.demand.newWaiting = true;
  leader.demand.candidates.add(request);
};
