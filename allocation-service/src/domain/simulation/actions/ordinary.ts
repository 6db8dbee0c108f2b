import type { ModelTask } from '../model/agent.js';
import { inputQueues } from '../model/broker.js';
import type { World } from '../world.js';
import { checkHealth, hasStarted, pickAgent, pickTask, to, type Action } from './action.js';

/** Time goes on, mostly to when something is due; what is on its way is not left behind for ever. */
const advance = (world: World): boolean => {
  if (inputQueues.some((queue) => world.broker.inputs[queue].length > 20)) return false;
  // Once all is well a bridge answers in time.
  if (world.isCalm && world.isAskingBridges) return false;
  const due = world.leader?.wakeup ?? world.now;
  world.now = world.random.chance(0.5) && due > world.now ? Math.min(due, world.now + 60_000) : world.now + world.random.below(800);
  return true;
};

const start = (world: World, task: ModelTask): void => {
  if (world.random.chance(0.3)) world.mesos.runTask(task, 'TASK_STARTING');
  const says = task.hasHealthCheck && world.random.chance(0.5);
  world.mesos.runTask(task, 'TASK_RUNNING', says ? world.random.chance(0.5) : undefined);
};

/** What goes on when all is well. */
export const ordinary: readonly Action[] = [
  { weight: 20, name: 'time goes on', act: advance },
  { weight: 20, name: 'tick', act: (world) => world.tick() },
  { weight: 12, name: 'deliver offers', act: (world) => world.deliver('offers') },
  { weight: 14, name: 'deliver updates', act: (world) => world.deliver('updates') },
  { weight: 10, name: 'deliver answers', act: (world) => world.deliver('answers') },
  { weight: 10, name: 'deliver requests', act: (world) => world.deliver('requests') },
  { weight: 25, name: 'write', act: (world) => world.write() },
  { weight: 50, name: 'send', act: (world) => world.send(world.leader, false) },
  { weight: 20, name: 'acknowledge', act: (world) => world.leader?.acknowledge(1 + world.random.below(3)) ?? false },
  { weight: 30, name: 'call', act: (world) => world.offerService.handleNext(false) },
  { weight: 15, name: 'bridge answers', act: ({ bridge }) => bridge.answer() },
  { weight: 10, name: 'allocation cycle', act: (world) => world.mesos.allocate() },
  { weight: 12, name: 'forward updates', act: (world) => world.mesos.forwardUpdates() },
  {
    weight: 10,
    name: 'task starts',
    act: (world) =>
      to(
        pickTask(world, (task) => !hasStarted(task) && !task.doomed),
        (task) => start(world, task),
      ),
  },
  { weight: 4, name: 'task becomes healthy', act: (world) => checkHealth(world, true) },
  {
    weight: 5,
    name: 'killed task ends',
    act: (world) =>
      to(
        pickTask(world, ({ doomed, agent }) => doomed && agent.up),
        (task) => world.mesos.runTask(task, 'TASK_KILLED'),
      ),
  },
  {
    weight: 10,
    name: 'election known',
    act: ({ offerService, journal }) => {
      if (offerService.allocationTerm === journal.term) return false;
      offerService.allocationTerm = journal.term;
      return true;
    },
  },
  { weight: 8, name: 'subscribe', act: ({ offerService }) => !offerService.connected && offerService.subscribe() },
  { weight: 20, name: 'elect', act: (world) => world.leader === undefined && world.elect() },
  { weight: 4, name: 'ask again', act: (world) => world.random.pick(world.clients)?.repeat() ?? false },
  { weight: 3, name: 'put config again', act: (world) => world.repeatConfig() },
  {
    weight: 1,
    name: 'agent registers again',
    act: (world) =>
      to(
        pickAgent(world, ({ up, registered }) => up && !registered),
        (agent) => world.mesos.returnAgent(agent, false),
      ),
  },
];
