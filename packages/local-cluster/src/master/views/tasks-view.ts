// GET /tasks (src/master/readonly_handler.cpp, ReadOnlyHandler::tasks and TaskComparator).
import type { MasterState } from '../domain/master-state.js';
import type { Task } from '../domain/task.js';
import type { View } from './resources-view.js';
import { taskView } from './task-view.js';

export interface TasksQuery {
  readonly limit?: string | undefined;
  readonly offset?: string | undefined;
  /** `asc`: the oldest first; all else: the newest first. */
  readonly order?: string | undefined;
  readonly framework_id?: string | undefined;
  readonly task_id?: string | undefined;
}

const LIMIT = 100;

/** What is no whole number counts as not given; a negative one is, in C++, a very large one. */
const count = (text: string | undefined, otherwise: number): number => {
  if (text === undefined || !/^[-+]?\d+$/.test(text)) return otherwise;
  return Number(text) < 0 ? Number.MAX_SAFE_INTEGER : Number(text);
};

const allTasks = (master: MasterState, frameworkId?: string): Task[] =>
  [...master.frameworks.values(), ...master.completedFrameworks.values()]
    .filter(({ id }) => frameworkId === undefined || id === frameworkId)
    .flatMap(({ tasks, unreachableTasks, completedTasks }) => [...tasks.values(), ...unreachableTasks.values(), ...completedTasks]);

/** Tasks without a status are the oldest. */
const startedAt = ({ statuses }: Task): number => statuses[0]?.timestamp ?? -1;

export const tasksView = (master: MasterState, query: TasksQuery): View => {
  const tasks = allTasks(master, query.framework_id).filter(({ id }) => query.task_id === undefined || id === query.task_id);
  const sign = query.order === 'asc' ? 1 : -1;
  tasks.sort((left, right) => sign * (startedAt(left) - startedAt(right)));
  const offset = count(query.offset, 0);
  return { tasks: tasks.slice(offset, offset + count(query.limit, LIMIT)).map(taskView) };
};
