// Task groups that wait until their executor has registered.
import type { TaskInfo } from '../generated/protocol.js';

type Group = readonly TaskInfo[];

export class QueuedGroups {
  private groups: Group[] = [];

  add(group: Group): void {
    this.groups.push(group);
  }

  /** The group with the task; undefined: it is not waiting. It waits no more. */
  takeGroupOf(taskId: string): Group | undefined {
    const group = this.groups.find((tasks) => tasks.some(({ task_id }) => task_id.value === taskId));
    this.groups = this.groups.filter((other) => other !== group);
    return group;
  }

  /** In the order of their coming. They wait no more. */
  takeAll(): Group[] {
    return this.groups.splice(0);
  }
}
