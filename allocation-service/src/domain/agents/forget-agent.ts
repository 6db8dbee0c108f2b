import type { State } from '../model.js';

/** The agent is away: nothing fits there any more, and nobody waits for it. It stays known while tasks of ours may be there. */
export const forgetAgent = ({ leader, tasksByAgent }: State, id: string): void => {
  leader.agents.get(id)?.forgetOffers();
  leader.earmark?.agents.delete(id);
  if (!tasksByAgent.has(id)) leader.agents.delete(id);
};
