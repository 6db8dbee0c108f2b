import { fault, type Mutant } from './mutant.js';

const executor = 'executor/default-executor.ts';
const checks = 'master/domain/validation/checks.ts';

export const groupAndAgentMutants: readonly Mutant[] = [
  fault(
    executor,
    `      this.report(container, 'TASK_STARTING');\n`,
    ``,
    'the tasks of a group run in containers of one executor, and end each by itself',
  ),
  fault('master/domain/agents/executors.ts', `type: 'FAILURE'`, `type: 'HEARTBEAT'`, 'FAILURE tells that an executor has ended'),
  fault(
    'master/domain/task-calls.ts',
    `executorId: call.executor_id.value }, turn);`,
    `executorId: 'another' }, turn);`,
    'SHUTDOWN of an executor kills its tasks',
  ),
  fault(
    executor,
    `&& state !== 'TASK_FINISHED') this.killGroupOf`,
    `&& false) this.killGroupOf`,
    'a task of a group that fails takes the others along',
    'KILL of one task of a group kills the group',
  ),
  fault(
    executor,
    `&& state !== 'TASK_FINISHED') this.killGroupOf`,
    `) this.killGroupOf`,
    'a task of a group that finishes leaves the others alone',
  ),
  fault(
    'master/domain/allocator/offers.ts',
    `executorIds.length === 0 ? {}`,
    `true ? {}`,
    'a second group goes to the executor that is there',
  ),
  fault('master/domain/scheduler-calls.ts', `    case 'MESSAGE':\n`, ``, 'MESSAGE to an executor is taken (202)'),
  fault(
    'master/domain/operations/refusals.ts',
    `reason: 'REASON_TASK_GROUP_INVALID'`,
    `reason: 'REASON_TASK_INVALID'`,
    'a group with an invalid task: all tasks of the group get TASK_ERROR',
    'a group that is more than was offered: all tasks of the group get TASK_ERROR',
    'a default executor with a command: all tasks of the group get TASK_ERROR',
  ),
  fault(
    'executor/task-status.ts',
    `reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'`,
    `reason: 'REASON_TASK_CHECK_STATUS_UPDATED'`,
    'a task that is found healthy: RUNNING with healthy, and the reason',
  ),
  fault(
    'executor/checks/health.ts',
    `>= this.mostFailures`,
    `> this.mostFailures`,
    'a task that is found sick as often as is allowed is killed',
  ),
  fault(
    'executor/checks/health.ts',
    `    if (this.initializing && now <= this.graceEndsAt) return undefined;\n`,
    ``,
    'the first health of a task in its grace period is not told while it is sick',
  ),
  fault(
    'executor/checks/task-checks.ts',
    `command: { exit_code: code }`,
    `command: { exit_code: 0 }`,
    'a check tells its exit code, and each change of it',
  ),
  fault(
    'executor/checks/command-check-runtime.ts',
    `environment: { ...environment, ...own }`,
    `environment: own`,
    'a check sees the environment of its task',
  ),
  fault(
    checks,
    `checkKindError(check) ?? timingError(check)`,
    `undefined`,
    'a check without type: TASK_ERROR',
    'a COMMAND check without command: TASK_ERROR',
    'an HTTP check whose path has no slash: TASK_ERROR',
    'a check with a negative interval: TASK_ERROR',
  ),
  fault(checks, `healthKindError(check) ?? timingError(check)`, `undefined`, 'a health check with a negative grace period: TASK_ERROR'),

  fault(
    'master/domain/agents/pings.ts',
    `'health check timed out'`,
    `'agent is silent'`,
    'an agent that is silent: its tasks UNREACHABLE*',
  ),
  fault(
    'master/domain/validation/task-validation.ts',
    `if (framework.unreachableTasks.has(id)) return`,
    `if (false) return`,
    'the id of an unreachable task can not be used again',
  ),
  fault(
    'master/domain/agents/unreachable.ts',
    `state: lossState(framework, 'TASK_UNREACHABLE'), message, reason: 'REASON_AGENT_REMOVED' }`,
    `state: 'TASK_UNREACHABLE', message, reason: 'REASON_AGENT_REMOVED' }`,
    'a framework without PARTITION_AWARE gets TASK_LOST for the tasks of a silent agent',
  ),
  fault(
    'master/domain/agents/disconnect.ts',
    `  rescindOffersOfAgent(master, agent, turn);\n`,
    ``,
    'an agent that starts anew: its offers rescinded, its tasks run on',
  ),
  fault(
    'master/domain/agents/known-agent.ts',
    `!agent.killedTasks.has(keyOf(task))`,
    `agent.killedTasks.has(keyOf(task))`,
    'KILL while the agent is away is done when it is back',
  ),
  fault(
    'master/domain/agents/reregister.ts',
    `  framework.tasks.set(task.id, task);\n`,
    ``,
    'what the master forgot comes back with the framework and its agents',
  ),
];
