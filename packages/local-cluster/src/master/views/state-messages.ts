// The large answers of the operator API (src/master/readonly_handler.cpp, jsonifyGetState and its parts).
import type { Response } from '../../generated/master-protocol.js';
import type { FrameworkRecord, MasterState } from '../domain/master-state.js';
import { agentMessage } from './agent-message.js';
import { frameworkMessage } from './framework-message.js';
import { taskMessage } from './task-message.js';

const everyFramework = (master: MasterState): FrameworkRecord[] => [...master.frameworks.values(), ...master.completedFrameworks.values()];

export const getTasks = (master: MasterState): Response.GetTasks => {
  const frameworks = everyFramework(master);
  return {
    tasks: frameworks.flatMap(({ tasks }) => [...tasks.values()].map(taskMessage)),
    unreachable_tasks: frameworks.flatMap(({ unreachableTasks }) => [...unreachableTasks.values()].map(taskMessage)),
    completed_tasks: frameworks.flatMap(({ completedTasks }) => completedTasks.map(taskMessage)),
  };
};

export const getExecutors = (master: MasterState): Response.GetExecutors => ({
  executors: everyFramework(master).flatMap(({ executors }) =>
    [...executors.values()].map(({ info, agentId }) => ({ executor_info: info, agent_id: { value: agentId } })),
  ),
});

export const getFrameworks = (master: MasterState): Response.GetFrameworks => ({
  frameworks: [...master.frameworks.values()].map((framework) => frameworkMessage(framework, master)),
  completed_frameworks: [...master.completedFrameworks.values()].map((framework) => frameworkMessage(framework, master)),
});

export const getAgents = (master: MasterState): Response.GetAgents => ({
  agents: [...master.agents.values()].map((agent) => agentMessage(agent, master)),
  recovered_agents: [...master.recoveredAgents].map((id) => ({ hostname: '', id: { value: id } })),
});

export const getOperations = (master: MasterState): Response.GetOperations => ({
  operations: [...master.agents.values()].flatMap((agent) =>
    [...agent.operations.values()].map(({ uuid, frameworkId, info, latestStatus }) => ({
      ...(frameworkId === undefined ? {} : { framework_id: { value: frameworkId } }),
      agent_id: { value: agent.id },
      info,
      latest_status: latestStatus,
      statuses: [latestStatus],
      uuid: { value: Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64') },
    })),
  ),
});

export const getState = (master: MasterState): Response.GetState => ({
  get_tasks: getTasks(master),
  get_executors: getExecutors(master),
  get_frameworks: getFrameworks(master),
  get_agents: getAgents(master),
});
