// LAUNCH and LAUNCH_GROUP on what is left of accepted offers (master.cpp: _accept, addTask, addExecutor).
import type { ExecutorInfo, Offer, TaskInfo } from '../../../generated/protocol.js';
import { add, fromWire, subtract, type Resources } from '../../../resources/resources.js';
import { addExecutor } from '../agents/executors.js';
import { taskKey, type AgentRecord, type FrameworkRecord, type MasterState } from '../master-state.js';
import { sendToAgent, type Turn } from '../turn.js';
import { newTask } from '../task.js';
import { holdsExecutor } from '../validation/executor-validation.js';
import { taskGroupError } from '../validation/task-group.js';
import { taskError } from '../validation/task-validation.js';
import { refuseTasks, taskGroupInvalid, taskInvalid } from './refusals.js';

/** Offers that a framework accepted together. */
export interface Accepted {
  readonly master: MasterState;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  readonly role: string;
  /** What the operations so far left; reservations that they made are in it. */
  remaining: Resources;
}

const contextOf = ({ framework, agent, role, remaining }: Accepted) => ({ framework, agent, role, available: remaining });

const addTask = ({ master, framework, agent, role }: Accepted, info: TaskInfo): Resources => {
  const resources = fromWire(info.resources);
  const task = newTask(info, framework.info, role, resources);
  framework.tasks.set(task.id, task);
  master.changed.tasks.add(task);
  agent.tasks.set(taskKey(framework.id, task.id), task);
  return resources;
};

const launchTask = (accepted: Accepted, task: TaskInfo, turn: Turn): void => {
  const { framework, agent, role } = accepted;
  const error = taskError(task, contextOf(accepted));
  if (error !== undefined) return refuseTasks(framework, [task], taskInvalid(error), turn);
  accepted.remaining = subtract(accepted.remaining, addTask(accepted, task));
  sendToAgent(agent.id, { type: 'run-task', framework: framework.info, task, role }, turn);
};

/** Each task for itself. */
export function launch(accepted: Accepted, { task_infos = [] }: Offer.Operation.Launch, turn: Turn): void {
  for (const task of task_infos) launchTask(accepted, task, turn);
}

const startExecutor = ({ master, framework, agent, role }: Accepted, info: ExecutorInfo): Resources => {
  const id = info.executor_id.value;
  if (holdsExecutor({ framework, agent }, id)) return [];
  const resources = fromWire(info.resources);
  addExecutor(master, agent, { id, frameworkId: framework.id, agentId: agent.id, info, role, resources });
  return resources;
};

/** All tasks or none; the executor's resources are taken once, when it is new. */
export function launchGroup(accepted: Accepted, { executor, task_group }: Offer.Operation.LaunchGroup, turn: Turn): void {
  const { framework, agent, role } = accepted;
  const tasks = task_group.tasks ?? [];
  const error = taskGroupError(tasks, executor, contextOf(accepted));
  if (error !== undefined) return refuseTasks(framework, tasks, taskGroupInvalid(error), turn);
  const taken = tasks.reduce((sum, task) => add(sum, addTask(accepted, task)), startExecutor(accepted, executor));
  accepted.remaining = subtract(accepted.remaining, taken);
  sendToAgent(agent.id, { type: 'run-task-group', framework: framework.info, executor, tasks, role }, turn);
}
