import type { Resource, State } from '../../model.js';
import { InvariantError } from './invariant-error.js';
import type { ObservedMove } from './standings.js';

const ROLL_AT_A_TIME = 1;

const isReady = (node: Resource): boolean =>
  node.state === 'RUNNING' && node.requestState === 'REQUEST_ALLOCATED' && node.task?.phase === 'RUNNING';

/**
 * Nodes are never more than wanted but for one that is to replace another, and none that is ready is stopped unless as many
 * others are ready as are wanted: new before old.
 */
export const checkNodes = (state: State, moves: readonly ObservedMove[]): void => {
  const nodes = [...(state.requests.get('scaling')?.resources ?? [])].filter((node) => node.endedAt === undefined);
  const wanted = state.scaling?.num_of_node ?? 0;
  const kept = nodes.filter((node) => node.state !== 'STOPPING').length;
  if (kept > wanted + ROLL_AT_A_TIME) throw new InvariantError(`${kept} nodes are kept, ${wanted} are wanted`);
  // One whose task is lost serves nobody.
  const stopped = moves.find(({ id, from, to }) => {
    const node = state.resources.get(id);
    return (
      node?.request.key === 'scaling' && from === 'RUNNING REQUEST_ALLOCATED' && to.startsWith('STOPPING') && node.task?.phase === 'RUNNING'
    );
  });
  const ready = nodes.filter(isReady).length;
  if (stopped !== undefined && ready < wanted)
    throw new InvariantError(`${stopped.id} was ready and is stopped with ${ready} others ready, ${wanted} are wanted`);
};
