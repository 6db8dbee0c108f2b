import type { Task } from '../model.js';

/** A Mesos task that runs, may run, or may come back. */
export interface TaskView {
  readonly id: string;
  readonly resource_id: string;
  readonly agent_id: string;
  readonly phase: Task['phase'];
  /** Since when it is unreachable, unknown or lost. */
  readonly lost_since_ms?: number;
  /** Since when another one stands for its resource: it is killed if it returns. */
  readonly superseded_at_ms?: number;
}

export const taskView = ({ id, resourceId, agentId, phase, lostSince, supersededAt }: Task): TaskView => ({
  id,
  resource_id: resourceId,
  agent_id: agentId,
  phase,
  ...(lostSince !== undefined && { lost_since_ms: lostSince }),
  ...(supersededAt !== undefined && { superseded_at_ms: supersededAt }),
});
