// Tasks on agents that can't be reached (master.hpp, Framework::unreachableTasks), to be found by their agent without looking at all.
import type { FrameworkRecord, MasterState } from './master-state.js';
import type { Task } from './task.js';

export function addUnreachableTask(master: MasterState, framework: FrameworkRecord, task: Task): void {
  framework.unreachableTasks.set(task.id, task);
  const tasks = master.unreachableWith.get(task.agentId);
  if (tasks === undefined) master.unreachableWith.set(task.agentId, new Set([task]));
  else tasks.add(task);
}

/** Takes all of the agent off the books. @returns those that were on them, with their frameworks */
export function takeUnreachableTasks(master: MasterState, agentId: string): { readonly framework: FrameworkRecord; readonly task: Task }[] {
  const tasks = [...(master.unreachableWith.get(agentId) ?? [])];
  master.unreachableWith.delete(agentId);
  return tasks.flatMap((task) => {
    const framework = master.frameworks.get(task.frameworkId);
    // Its id may be another task's by now.
    if (framework?.unreachableTasks.get(task.id) !== task) return [];
    framework.unreachableTasks.delete(task.id);
    return [{ framework, task }];
  });
}

/** Those of a framework that is removed. */
export function clearUnreachableTasks(master: MasterState, framework: FrameworkRecord): void {
  for (const task of framework.unreachableTasks.values()) {
    const tasks = master.unreachableWith.get(task.agentId);
    tasks?.delete(task);
    if (tasks?.size === 0) master.unreachableWith.delete(task.agentId);
  }
  framework.unreachableTasks.clear();
}
