import type { Resource, State } from '../model.js';
import { hasEnded, SCALING } from '../resources.js';
import { rollOf } from '../scaling/scaling.js';
import type { ScalingConfig } from '../scaling/scaling-config.js';

export interface RuntimeCounts {
  readonly num_of_node: number;
  /** Scaled nodes that are ALLOCATED, or STOPPING while their task still runs. */
  readonly num_of_live_node: number;
  /** Only while nodes of another size are being replaced. */
  readonly rolling?: {
    /** Nodes that still have another size. */
    readonly of_old_size: number;
    /** Nodes of the new size that wait for an offer. */
    readonly waiting: number;
  };
}

/** undefined: never set. */
export const currentConfig = (state: State): ScalingConfig | undefined => state.scaling;

const isLive = (node: Resource): boolean =>
  !hasEnded(node) && (node.requestState === 'REQUEST_ALLOCATED' || (node.state === 'STOPPING' && node.task?.phase === 'RUNNING'));

export const runtimeCounts = (state: State): RuntimeCounts => {
  const roll = rollOf(state);
  return {
    num_of_node: state.scaling?.num_of_node ?? 0,
    num_of_live_node: [...(state.requests.get(SCALING)?.resources ?? [])].filter(isLive).length,
    ...(roll !== undefined && { rolling: { of_old_size: roll.outdated, waiting: roll.waiting } }),
  };
};
