import type { ModelTask } from '../model/agent.js';
import { inputQueues } from '../model/broker.js';
import type { World } from '../world.js';
import { checkHealth, hasStarted, pickAgent, pickTask, to, type Action } from './action.js';

const countAlive = ({ mesos, observer }: World): number =>
  [...mesos.tasks.values()].filter(({ id, alive }) => alive && observer.strangers.has(id)).length;

/** A task that nobody here launched runs under this framework's id; while a state that began empty is doubted, none is added. */
const addStranger = (world: World): boolean => {
  const agent = pickAgent(world, ({ up }) => up);
  const isDoubted = world.leader?.state.durable.beganEmpty ?? true;
  if (agent === undefined || isDoubted || countAlive(world) > 3) return false;
  // Downwards and far apart, so that no number is counted up to.
  const number = world.observer.strangers.size;
  const id = world.random.chance(0.5) ? `stranger_${number}` : `node_resource_${9_000_000 - number * 1_000}_0`;
  world.observer.strangers.add(id);
  const resources = [
    { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR' as const, scalar: { value: 32 } },
  ];
  world.mesos.launch(id, agent, resources);
  return true;
};

/** Any task that runs; often one that is adopted, or may be. */
const pickEnding = (world: World): ModelTask | undefined =>
  (world.random.chance(0.6) ? pickTask(world, ({ id }) => world.observer.strangers.has(id)) : undefined) ?? pickTask(world, hasStarted);

/** What happens to tasks and agents by themselves. */
const mishaps: readonly Action[] = [
  {
    weight: 5,
    name: 'task ends',
    act: (world) => to(pickEnding(world), (task) => world.mesos.runTask(task, world.random.chance(0.4) ? 'TASK_FAILED' : 'TASK_FINISHED')),
  },
  { weight: 1, name: 'task becomes unhealthy', act: (world) => checkHealth(world, false) },
  {
    weight: 8,
    name: 'bad agent',
    act: (world) =>
      to(
        pickTask(world, ({ agent }) => agent.bad),
        (task) => world.mesos.runTask(task, 'TASK_FAILED'),
      ),
  },
  {
    weight: 2,
    name: 'agent lost',
    act: (world) =>
      to(
        pickAgent(world, ({ up }) => up),
        (agent) => world.mesos.loseAgent(agent),
      ),
  },
  {
    weight: 3,
    name: 'agent returns',
    act: (world) =>
      to(
        pickAgent(world, ({ up }) => !up),
        (agent) => world.mesos.returnAgent(agent, world.random.chance(0.2)),
      ),
  },
  {
    weight: 1,
    name: 'agent gone for good',
    act: (world) =>
      to(
        pickAgent(world, ({ up }) => !up),
        (agent) => world.mesos.markGone(agent),
      ),
  },
  {
    weight: 0.2,
    name: 'offers rescinded',
    act: (world) =>
      to(
        pickAgent(world, ({ up }) => up),
        (agent) => world.mesos.rescind(agent),
      ),
  },
  { weight: 2, name: 'stranger', act: addStranger },
];

/** Most of all under what may have launched something. */
const isInDanger = ({ broker, random }: World): boolean => {
  const next = broker.calls[0]?.message;
  return (next?.type === 'call' && next.call.accept !== undefined) || random.chance(0.2);
};

/** What happens to the ways to Mesos and to the broker. */
const losses: readonly Action[] = [
  {
    weight: 0.2,
    name: 'master fails over',
    act: (world) => {
      world.mesos.failOver();
      world.offerService.disconnected();
      return true;
    },
  },
  {
    weight: 0.12,
    name: 'framework removed',
    act: (world) => {
      world.mesos.removeFramework();
      world.offerService.disconnected();
      return true;
    },
  },
  { weight: 0.3, name: 'stream cut', act: (world) => world.offerService.disconnected() },
  { weight: 5, name: 'call under a cut', act: (world) => isInDanger(world) && world.offerService.handleNext(true) },
  { weight: 0.2, name: 'offer-service crashes', act: (world) => world.offerService.crash() },
  { weight: 3.5, name: 'offer-service crashes under a call', act: (world) => isInDanger(world) && world.offerService.crashUnderCall() },
  { weight: 0.6, name: 'effect lost', act: (world) => world.send(world.leader, true) },
  {
    weight: 0.4,
    name: 'transient lost',
    act: (world) => world.broker.inputs[world.random.chance(0.7) ? 'offers' : 'answers'].shift() !== undefined,
  },
  { weight: 0.5, name: 'call lost', act: (world) => world.broker.calls.shift() !== undefined },
  { weight: 1, name: 'message doubled', act: (world) => world.duplicate(world.random.pick(inputQueues) ?? 'updates') },
  { weight: 0.5, name: 'messages swapped', act: (world) => world.broker.swapSome(world.random.chance(0.5) ? 'offers' : 'updates') },
  { weight: 0.12, name: 'broker restarts', act: (world) => world.loseBroker(false) },
  { weight: 0.3, name: 'broker loses everything', act: (world) => world.loseBroker(true) },
];

/** What goes wrong. */
export const troubles: readonly Action[] = [...mishaps, ...losses];
