import type { State } from '../model.js';

/** The tasks of this framework on one agent, superseded ones too, since they may still run. */
export interface Occupants {
  readonly count: number;
  /** One of them wants no other there. */
  readonly wantAlone: boolean;
}

const nobody: Occupants = { count: 0, wantAlone: false };

export const occupantsOf = (state: State, agentId: string): Occupants => {
  const tasks = state.tasksByAgent.get(agentId);
  if (tasks === undefined) return nobody;
  let wantAlone = false;
  for (const task of tasks) wantAlone ||= state.resources.get(task.resourceId)?.request.requirements.aloneOnAgent === true;
  return { count: tasks.length, wantAlone };
};
