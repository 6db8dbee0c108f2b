// What the operator API of an agent answers of its tasks (src/slave/http.cpp: jsonifyGetTasks, jsonifyGetExecutors, jsonifyGetFrameworks).
import type { Response } from '../../generated/agent-protocol.js';
import { isTerminal } from '../../master/domain/task.js';
import { taskMessage } from '../../master/views/task-message.js';
import type { RunningExecutor, RunningTask } from '../books.js';
import type { AgentReport, ShownExecutor } from './agent-report.js';
import { shownTask } from './agent-state-view.js';
import { executorInfoOf } from './command-executor-info.js';

const executorsOf = ({ frameworks, completedFrameworks }: AgentReport) => {
  const all = [...frameworks, ...completedFrameworks];
  return { running: all.flatMap(({ executors }) => executors), completed: all.flatMap(({ completedExecutors }) => completedExecutors) };
};

export const getTasks = (report: AgentReport): Response.GetTasks => {
  const { running, completed } = executorsOf(report);
  const message = (executor: RunningExecutor, task: RunningTask) =>
    taskMessage({
      ...shownTask(report.id ?? '', executor, task),
      statusUpdateState: task.sent?.state,
      statusUpdateUuid: task.sent?.uuid,
    });
  const present = (wanted: boolean) =>
    [...running, ...completed].flatMap(({ executor }) =>
      [...executor.tasks.values()].filter(({ state }) => isTerminal(state) === wanted).map((task) => message(executor, task)),
    );
  return {
    pending_tasks: [],
    queued_tasks: [],
    launched_tasks: present(false),
    terminated_tasks: present(true),
    completed_tasks: [...running, ...completed].flatMap(({ executor, completedTasks }) =>
      completedTasks.map((task) => message(executor, task)),
    ),
  };
};

const executorMessage = ({ executor, completedTasks }: ShownExecutor): Response.GetExecutors.Executor => ({
  executor_info: executorInfoOf(executor, completedTasks),
});

export const getExecutors = (report: AgentReport): Response.GetExecutors => {
  const { running, completed } = executorsOf(report);
  return { executors: running.map(executorMessage), completed_executors: completed.map(executorMessage) };
};

export const getFrameworks = ({ frameworks, completedFrameworks }: AgentReport): Response.GetFrameworks => ({
  frameworks: frameworks.map(({ info }) => ({ framework_info: info })),
  completed_frameworks: completedFrameworks.map(({ info }) => ({ framework_info: info })),
});

export const getContainers = (report: AgentReport): Response.GetContainers => ({
  containers: executorsOf(report)
    .running.filter(({ executor }) => executor.executor !== undefined)
    .map(({ executor, completedTasks }) => ({
      framework_id: { value: executor.framework.id },
      executor_id: { value: executor.id },
      executor_name: executorInfoOf(executor, completedTasks).name ?? '',
      container_id: { value: executor.containerId },
    })),
});

/** GET /containers: the same in the older form (src/slave/http.cpp, __containers). */
export const containersView = (report: AgentReport): object[] =>
  executorsOf(report)
    .running.filter(({ executor }) => executor.executor !== undefined)
    .map(({ executor, completedTasks }) => {
      const { name = '', source = '' } = executorInfoOf(executor, completedTasks);
      return {
        framework_id: executor.framework.id,
        executor_id: executor.id,
        executor_name: name,
        source,
        container_id: executor.containerId,
      };
    });
