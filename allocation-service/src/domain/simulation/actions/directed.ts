import type { Resource } from '../../model.js';
import type { ModelTask } from '../model/agent.js';
import type { World } from '../world.js';
import { hasStarted, pickTask, to, type Action } from './action.js';

// What would seldom happen by chance alone, done to whom it concerns.

const resourceOf = ({ leader }: World, { id }: ModelTask): Resource | undefined => {
  const task = leader?.state.tasks.get(id);
  const resource = task === undefined ? undefined : leader?.state.resources.get(task.resourceId);
  return resource?.task === task ? resource : undefined;
};

/** A task whose resource is RUNNING and was promised for later. */
const pickPending = (world: World): ModelTask | undefined =>
  pickTask(world, (task) => {
    const resource = resourceOf(world, task);
    return resource?.state === 'RUNNING' && resource.requestState === 'REQUEST_PENDING';
  });

const isNotReady = ({ leader }: World, id: string): boolean => {
  const { state, requestState } = leader?.state.resources.get(id) ?? {};
  return state === 'RUNNING' && (requestState === 'REQUEST_NEW' || requestState === 'REQUEST_PENDING');
};

export const directed: readonly Action[] = [
  {
    weight: 5,
    name: 'agent lost under a kill',
    act: (world) =>
      to(
        pickTask(world, ({ doomed, agent }) => doomed && agent.up),
        ({ agent }) => world.mesos.loseAgent(agent),
      ),
  },
  {
    weight: 5,
    name: 'agent lost under a task that is not ready',
    act: (world) => to(pickPending(world), ({ agent }) => (agent.up ? world.mesos.loseAgent(agent) : undefined)),
  },
  {
    weight: 5,
    name: 'task ends while its agent is away',
    act: (world) =>
      to(
        pickTask(world, (task) => !task.agent.up && hasStarted(task)),
        (task) => world.mesos.runTask(task, 'TASK_FINISHED'),
      ),
  },
  {
    weight: 5,
    name: 'task dies before it is ready',
    act: (world) => to(pickPending(world), (task) => world.mesos.runTask(task, world.random.chance(0.5) ? 'TASK_FAILED' : 'TASK_FINISHED')),
  },
  {
    weight: 5,
    name: 'give back what is not ready',
    act: (world) => world.random.pick(world.clients)?.giveBackThose((id) => isNotReady(world, id)) ?? false,
  },
];
