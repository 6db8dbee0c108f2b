import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Change, State } from './model.js';
import type { ScalingConfig } from './scaling-config.js';

export interface RuntimeCounts {
  readonly num_of_node: number;
  /** Scaled nodes that are ALLOCATED, or STOPPING while their task still runs. */
  readonly num_of_live_node: number;
}

export interface Readiness {
  readonly ready: boolean;
  /** What is wrong and what to do about it; empty when ready. */
  readonly reasons: readonly string[];
}

const notBuilt = (state: State): never => {
  throw new Error(`not built yet: ${String(state)}`);
};

/** All resources of one owner, or of everybody: those that live and those that ended lately. */
export const listResources = (state: State, _owner?: string): ResourceMessage[] => notBuilt(state);

export const runtimeCounts = (state: State): RuntimeCounts => notBuilt(state);

/** undefined: never set. */
export const currentConfig = (state: State): ScalingConfig | undefined => state.scaling;

export const readiness = (state: State): Readiness => notBuilt(state);

/** All durable records, as a snapshot holds them. */
export const recordsOf = (state: State): Iterable<Change> => notBuilt(state);
