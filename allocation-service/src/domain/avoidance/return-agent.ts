import type { Context } from '../context.js';
import { noteWaiting } from '../demand/note-waiting.js';
import { touchEarlyDeath } from './early-death-record.js';

/** Nobody avoids the agent any longer; what waits is offered it again. */
export const returnAgent = (context: Context, agentId: string): void => {
  const { state } = context;
  for (const request of [...state.earlyDeaths.requestsOf(agentId)]) {
    request.avoided.delete(agentId);
    request.livesElsewhere.delete(agentId);
    state.earlyDeaths.delete(request, agentId);
    touchEarlyDeath(context, request, agentId);
    if (request.waiting.size > 0) noteWaiting(state, request);
  }
};
