import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Resource, State } from './model.js';
import { describeResource, hasEnded, SCALING } from './resources.js';
import type { ScalingConfig } from './scaling/scaling-config.js';

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

/** All resources of one owner, or of everybody: those that live and those that ended lately. */
export const listResources = (state: State, owner?: string): ResourceMessage[] => {
  const listed: ResourceMessage[] = [];
  for (const resource of state.resources.values()) {
    if (owner === undefined || resource.request.owner === owner) listed.push(describeResource(resource));
  }
  return listed;
};

const isLive = (node: Resource): boolean =>
  !hasEnded(node) && (node.requestState === 'REQUEST_ALLOCATED' || (node.state === 'STOPPING' && node.task?.phase === 'RUNNING'));

export const runtimeCounts = (state: State): RuntimeCounts => ({
  num_of_node: state.scaling?.num_of_node ?? 0,
  num_of_live_node: [...(state.requests.get(SCALING)?.resources ?? [])].filter(isLive).length,
});

/** undefined: never set. */
export const currentConfig = (state: State): ScalingConfig | undefined => state.scaling;

/** Ids of the tasks that Mesos runs for this framework and no record knows. */
export const unknownTaskIds = (state: State): string[] => [...state.leader.unknownTasks.keys()];

export const readiness = (state: State): Readiness => {
  const { connected, unknownTasks } = state.leader;
  const reasons: string[] = [];
  if (!connected) reasons.push('not subscribed to Mesos: offer-service, the broker or the master is away');
  if (state.durable.beganEmpty && unknownTasks.size > 0) {
    const some = [...unknownTasks.keys()].slice(0, 5).join(', ');
    reasons.push(
      `the state was empty but Mesos runs ${unknownTasks.size} tasks of this framework that it does not know (${some}): ` +
        'restore the state in ZooKeeper, or have them kept with `streams-on-mesos reconcile --adopt`, or killed with `streams-on-mesos reconcile --kill`',
    );
  }
  return { ready: reasons.length === 0, reasons };
};
