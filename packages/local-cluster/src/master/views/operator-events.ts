// What changed on a master's books, as its operators' event stream tells it (src/common/protobuf_utils.cpp, namespace master::event;
// where master.cpp sends them is said at each). Found by comparing, since whoever subscribes is the only one to pay for it.
import type { Event } from '../../generated/master-protocol.js';
import type { FrameworkInfo, TaskState } from '../../generated/protocol.js';
import type { FrameworkRecord, MasterState } from '../domain/master-state.js';
import { taskKey } from '../domain/master-state.js';
import type { Task } from '../domain/task.js';
import { agentMessage } from './agent-message.js';
import { frameworkMessage } from './framework-message.js';
import { taskMessage } from './task-message.js';

interface SeenFramework {
  readonly info: FrameworkInfo;
  readonly reregisteredAt: number | undefined;
}

interface SeenTask {
  readonly task: Task;
  readonly state: TaskState;
}

/** The books as they were when it was last looked. */
export interface Seen {
  readonly agents: ReadonlySet<string>;
  readonly frameworks: ReadonlyMap<string, SeenFramework>;
  readonly tasks: ReadonlyMap<string, SeenTask>;
}

const tasksOf = ({ tasks, unreachableTasks }: FrameworkRecord): Task[] => [...tasks.values(), ...unreachableTasks.values()];

export const look = (master: MasterState): Seen => ({
  agents: new Set(master.agents.keys()),
  frameworks: new Map([...master.frameworks.values()].map(({ id, info, reregisteredAt }) => [id, { info, reregisteredAt }])),
  tasks: new Map(
    [...master.frameworks.values()].flatMap(tasksOf).map((task) => [taskKey(task.frameworkId, task.id), { task, state: task.state }]),
  ),
});

/** Master::addFramework, updateFramework */
const frameworkEvents = (master: MasterState, before: Seen): Event[] =>
  [...master.frameworks.values()].flatMap((framework): Event[] => {
    const seen = before.frameworks.get(framework.id);
    if (seen === undefined) return [{ type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkMessage(framework, master) } }];
    if (seen.info === framework.info && seen.reregisteredAt === framework.reregisteredAt) return [];
    return [{ type: 'FRAMEWORK_UPDATED', framework_updated: { framework: frameworkMessage(framework, master) } }];
  });

/** Master::addTask; updateTask, when the newest state changed */
const taskEvents = (before: Seen, now: Seen): Event[] => {
  const added = [...now.tasks].flatMap(([key, { task }]): Event[] =>
    before.tasks.get(key)?.task === task ? [] : [{ type: 'TASK_ADDED', task_added: { task: taskMessage(task) } }],
  );
  const updated = [...before.tasks.values()].flatMap(({ task, state }): Event[] => {
    const status = task.statuses.at(-1);
    if (task.state === state || status === undefined) return [];
    return [{ type: 'TASK_UPDATED', task_updated: { framework_id: { value: task.frameworkId }, status, state: task.state } }];
  });
  return [...added, ...updated];
};

/** Master::addSlave, _removeSlave, removeFramework */
export const changes = (master: MasterState, before: Seen, now: Seen): Event[] => [
  ...[...master.agents.values()]
    .filter(({ id }) => !before.agents.has(id))
    .map((agent): Event => ({ type: 'AGENT_ADDED', agent_added: { agent: agentMessage(agent, master) } })),
  ...frameworkEvents(master, before),
  ...taskEvents(before, now),
  ...[...before.frameworks]
    .filter(([id]) => !now.frameworks.has(id))
    .map(([, { info }]): Event => ({ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: info } })),
  ...[...before.agents]
    .filter((id) => !now.agents.has(id))
    .map((value): Event => ({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value } } })),
];
