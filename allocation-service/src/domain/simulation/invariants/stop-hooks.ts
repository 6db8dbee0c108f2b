import type { Effect } from '../../effects.js';
import type { State } from '../../model.js';
import { InvariantError } from './invariant-error.js';
import type { ObservedMove } from './standings.js';

/** What runs and has a stop hook is asked to end by itself in the step in which its stop begins, and not killed in it. */
export const checkStopHooks = (state: State, moves: readonly ObservedMove[], effects: readonly Effect[]): void => {
  for (const { id, from, to, record } of moves) {
    const resource = state.resources.get(id);
    if (!from.startsWith('RUNNING') || !to.startsWith('STOPPING') || resource?.task?.phase !== 'RUNNING') continue;
    if (resource.request.allocate?.workload.stop_hook !== true) continue;
    const taskId = record.placement?.taskId;
    const asked = effects.some(
      (effect) => effect.type === 'ask-hook' && 'run_stop_hook' in effect.question && effect.question.run_stop_hook.resource.id === id,
    );
    const killed = effects.some((effect) => effect.type === 'call' && effect.call.kill?.task_id === taskId);
    if (killed || !asked) throw new InvariantError(`${id} has a stop hook and is ${killed ? 'killed' : 'not asked to end by itself'}`);
  }
};
