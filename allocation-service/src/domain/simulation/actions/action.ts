import type { ModelAgent, ModelTask } from '../model/agent.js';
import type { World } from '../world.js';

/** Something that can happen; false: there was nothing for it to happen to. */
export interface Action {
  readonly weight: number;
  readonly name: string;
  readonly act: (world: World) => boolean;
}

/** Does something to what was found, if anything was. */
export const to = <T>(found: T | undefined, act: (found: T) => void): boolean => {
  if (found === undefined) return false;
  act(found);
  return true;
};

export const pickTask = (world: World, of: (task: ModelTask) => boolean): ModelTask | undefined =>
  world.random.pick([...world.mesos.tasks.values()].filter((task) => task.alive && of(task)));

export const pickAgent = (world: World, of: (agent: ModelAgent) => boolean): ModelAgent | undefined =>
  world.random.pick(world.mesos.agents.filter(of));

export const hasStarted = (task: ModelTask): boolean =>
  task.state === 'TASK_RUNNING' || task.updates.some(({ state }) => state === 'TASK_RUNNING');

/** A health check says something of a task that runs. */
export const checkHealth = (world: World, healthy: boolean): boolean =>
  to(
    pickTask(world, (task) => task.hasHealthCheck && hasStarted(task) && !task.doomed),
    (task) => world.mesos.runTask(task, 'TASK_RUNNING', healthy),
  );
