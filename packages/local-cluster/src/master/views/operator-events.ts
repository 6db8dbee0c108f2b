// What changed on a master's books, as its operators' event stream tells it (src/common/protobuf_utils.cpp, namespace master::event;
// where master.cpp sends them is said at each). Found by comparing what the turn touched with what was seen of it last.
import type { Event } from '../../generated/master-protocol.js';
import type { FrameworkInfo, TaskState } from '../../generated/protocol.js';
import type { MasterState } from '../domain/master-state.js';
import type { Task } from '../domain/task.js';
import { agentMessage } from './agent-message.js';
import { frameworkMessage } from './framework-message.js';
import { taskMessage } from './task-message.js';

interface SeenFramework {
  readonly info: FrameworkInfo;
  readonly reregisteredAt: number | undefined;
}

/** The books as they were when it was last looked. */
export class Seen {
  readonly agents: Set<string>;
  readonly frameworks = new Map<string, SeenFramework>();
  /** Those that have left the books are nobody's matter any more. */
  readonly taskStates = new WeakMap<Task, TaskState>();

  constructor(master: MasterState) {
    this.agents = new Set(master.agents.keys());
    for (const { id, info, reregisteredAt, tasks, unreachableTasks } of master.frameworks.values()) {
      this.frameworks.set(id, { info, reregisteredAt });
      for (const task of [...tasks.values(), ...unreachableTasks.values()]) this.taskStates.set(task, task.state);
    }
  }
}

/** Master::addFramework, updateFramework. There are few, so all are looked at. */
const frameworkEvents = (master: MasterState, { frameworks }: Seen): Event[] =>
  [...master.frameworks.values()].flatMap((framework): Event[] => {
    const { id, info, reregisteredAt } = framework;
    const seen = frameworks.get(id);
    frameworks.set(id, { info, reregisteredAt });
    if (seen === undefined) return [{ type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkMessage(framework, master) } }];
    if (seen.info === info && seen.reregisteredAt === reregisteredAt) return [];
    return [{ type: 'FRAMEWORK_UPDATED', framework_updated: { framework: frameworkMessage(framework, master) } }];
  });

const isOnBooks = ({ frameworks }: MasterState, task: Task): boolean => {
  const framework = frameworks.get(task.frameworkId);
  return (framework?.tasks.get(task.id) ?? framework?.unreachableTasks.get(task.id)) === task;
};

/** Master::addTask; updateTask, when the newest state changed */
const taskEvents = (master: MasterState, { taskStates }: Seen): Event[] => {
  const added: Event[] = [];
  const updated: Event[] = [];
  for (const task of master.changed.tasks) {
    const before = taskStates.get(task);
    const status = task.statuses.at(-1);
    if (before === undefined) {
      if (!isOnBooks(master, task)) continue;
      added.push({ type: 'TASK_ADDED', task_added: { task: taskMessage(task) } });
    } else if (before !== task.state && status !== undefined)
      updated.push({ type: 'TASK_UPDATED', task_updated: { framework_id: { value: task.frameworkId }, status, state: task.state } });
    taskStates.set(task, task.state);
  }
  return [...added, ...updated];
};

const removedFrameworks = (master: MasterState, { frameworks }: Seen): Event[] =>
  [...frameworks].flatMap(([id, { info }]): Event[] => {
    if (master.frameworks.has(id)) return [];
    frameworks.delete(id);
    return [{ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: info } }];
  });

/** Master::addSlave */
const addedAgents = (master: MasterState, { agents }: Seen): Event[] =>
  [...master.changed.agents].flatMap((id): Event[] => {
    const agent = master.agents.get(id);
    if (agent === undefined || agents.has(id)) return [];
    agents.add(id);
    return [{ type: 'AGENT_ADDED', agent_added: { agent: agentMessage(agent, master) } }];
  });

const removedAgents = (master: MasterState, { agents }: Seen): Event[] =>
  [...master.changed.agents].flatMap((value): Event[] => {
    if (master.agents.has(value) || !agents.delete(value)) return [];
    return [{ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value } } }];
  });

/** Master::addSlave, _removeSlave, removeFramework. Of what the turn touched; `seen` has seen it then. */
export const changes = (master: MasterState, seen: Seen): Event[] => [
  ...addedAgents(master, seen),
  ...frameworkEvents(master, seen),
  ...taskEvents(master, seen),
  ...removedFrameworks(master, seen),
  ...removedAgents(master, seen),
];
