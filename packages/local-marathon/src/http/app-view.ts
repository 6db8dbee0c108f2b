import type { AppDefinition } from '../domain/app-definition.js';
import { isStaging } from '../domain/killing.js';
import { tasksOf, type State, type TaskFailure } from '../domain/state.js';
import { isHealthy, isRunning, isUnhealthy } from '../domain/task.js';
import { taskView } from './task-view.js';

/** An app as Marathon shows it (app.raml), without what its tasks do. */
export const appView = ({ id, lastScalingAt, lastConfigChangeAt, constraints, ...app }: AppDefinition): Record<string, unknown> => ({
  id,
  ...app,
  constraints: constraints.map((constraint) => constraint.filter((part) => part !== undefined)),
  acceptedResourceRoles: ['*'],
  executor: '',
  networks: [{ mode: 'host' }],
  role: '*',
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  versionInfo: { lastScalingAt, lastConfigChangeAt },
});

/** With the counts and deployments that each answer has, and on demand its tasks and the last failure. */
export function appInfo(state: Readonly<State>, app: AppDefinition, embed: { readonly tasks: boolean }): Record<string, unknown> {
  const tasks = tasksOf(state, app.id);
  const running = tasks.filter(isRunning);
  const failure = state.failures.get(app.id);
  return {
    ...appView(app),
    tasksStaged: tasks.filter(isStaging).length,
    tasksRunning: running.length,
    tasksHealthy: running.filter((task) => task.healthChecks.length > 0 && isHealthy(task)).length,
    tasksUnhealthy: running.filter(isUnhealthy).length,
    deployments: state.deployments.filter(({ actions }) => actions.some((action) => action.app === app.id)).map(({ id }) => ({ id })),
    ...(embed.tasks && { tasks: tasks.map(taskView), ...(failure && { lastTaskFailure: failureView(failure) }) }),
  };
}

const failureView = ({ agentId, ...failure }: TaskFailure): Record<string, unknown> => ({ ...failure, slaveId: agentId });
