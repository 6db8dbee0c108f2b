import type { Offer } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { announce, callOff } from './announced.js';
import { windowOf } from './window.js';

/** Each offer says whether its agent is to be maintained, and when. */
export const noteUnavailability = (context: Context, offers: readonly Offer[]): void => {
  const { maintenance } = context.state.leader;
  for (const { agent_id: agent, unavailability } of offers) {
    if (unavailability !== undefined) announce(context, agent.value, windowOf(unavailability));
    else if (maintenance.size > 0) callOff(context, agent.value);
  }
};
