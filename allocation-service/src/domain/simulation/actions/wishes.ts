import type { World } from '../world.js';
import type { Action } from './action.js';

/** Another number of nodes, of another size at times, and other pools of licences. */
const scale = (world: World): boolean => {
  const { random } = world;
  const size = random.chance(0.5) ? { cpu_of_node: 0.3, mem_of_node: 64 } : { cpu_of_node: 0.4, mem_of_node: 96 };
  const licences = random.chance(0.3) ? { licences: { solver: random.below(5) } } : {};
  return world.scale({ num_of_node: random.below(6), general_config: size, ...licences });
};

/** The maintenance of an agent is planned, moved, called off, or planned again as it was. */
const planMaintenance = ({ mesos, random, now }: World): boolean => {
  const agent = random.pick(mesos.agents);
  if (agent === undefined) return false;
  if (random.chance(0.3)) return mesos.plan(agent, agent.unavailability);
  if (random.chance(0.4)) return mesos.plan(agent, undefined);
  const start = { nanoseconds: (now + random.below(7_200_000)) * 1e6 };
  return mesos.plan(agent, random.chance(0.5) ? { start } : { start, duration: { nanoseconds: random.below(600_000) * 1e6 } });
};

/** What clients go on doing until all is answered. */
export const finishing: readonly Action[] = [
  { weight: 4, name: 'settle', act: (world) => world.random.pick(world.clients)?.settle() ?? false },
  { weight: 1.5, name: 'read events', act: (world) => world.random.pick(world.clients)?.readEvents() ?? false },
];

/** What operators and clients want. */
export const wishes: readonly Action[] = [
  ...finishing,
  { weight: 3, name: 'allocate', act: (world) => world.random.pick(world.clients)?.allocate() ?? false },
  { weight: 1.2, name: 'give back', act: (world) => world.random.pick(world.clients)?.giveBack(world.random.chance(0.1)) ?? false },
  { weight: 0.3, name: 'query', act: (world) => world.random.pick(world.clients)?.query() ?? false },
  { weight: 0.3, name: 'validate stop', act: (world) => world.random.pick(world.clients)?.validateStop() ?? false },
  { weight: 0.1, name: 'kill unknown tasks', act: (world) => world.decideOnUnknownTasks('kill-unknown-tasks') },
  { weight: 2, name: 'adopt unknown tasks', act: (world) => world.decideOnUnknownTasks('adopt-unknown-tasks') },
  { weight: 0.1, name: 'return an agent', act: (world) => world.returnAgent() },
  { weight: 1, name: 'scale', act: scale },
  {
    weight: 0.15,
    name: 'maintenance is planned or over',
    act: planMaintenance,
  },
];
