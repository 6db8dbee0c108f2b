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
  fault(
    'master/domain/agents/executors.ts',
    `type: 'FAILURE'`,
    `type: 'HEARTBEAT'`,
    'FAILURE tells that an executor has ended',
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
  fault('master/domain/scheduler-calls.ts', `    case 'MESSAGE':\n`, `    case 'UNKNOWN':\n`, 'MESSAGE to an executor is taken (202)'),
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
    `consecutive_failures`,
    `interval_seconds`,
    'a task that is found sick as often as is allowed is killed',
  ),
  fault(checks, `must start with '/'`, `must begin with '/'`, 'an HTTP check whose path has no slash: TASK_ERROR'),
  fault(
    'master/domain/agents/pings.ts',
    `'health check timed out'`,
    `'agent is silent'`,
    'an agent that is silent: its tasks UNREACHABLE*',
  ),
];
