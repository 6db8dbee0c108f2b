import { inputQueues } from './model-broker.js';
import type { ModelTask } from './model-agent.js';
import type { World } from './world.js';

export type Action = readonly [weight: number, name: string, act: (world: World) => void];

const pickTask = (world: World, of: (task: ModelTask) => boolean): ModelTask | undefined =>
  world.random.pick([...world.mesos.tasks.values()].filter((task) => task.alive && of(task)));

const hasStarted = (task: ModelTask): boolean =>
  task.state === 'TASK_RUNNING' || task.updates.some(({ state }) => state === 'TASK_RUNNING');

/** Time goes on, mostly to when something is due; what is on its way is not left behind for ever. */
const advance = (world: World): void => {
  if (inputQueues.some((queue) => world.broker.inputs[queue].length > 20)) return;
  const due = world.leader?.wakeup ?? world.now;
  world.now = world.random.chance(0.5) && due > world.now ? Math.min(due, world.now + 60_000) : world.now + world.random.below(800);
};

const startTask = (world: World): void => {
  const task = pickTask(world, (candidate) => !hasStarted(candidate) && !candidate.doomed);
  if (task !== undefined) world.mesos.runTask(task, 'TASK_RUNNING');
};

const endDoomed = (world: World): void => {
  const task = pickTask(world, ({ doomed, agent }) => doomed && agent.up);
  if (task !== undefined) world.mesos.runTask(task, 'TASK_KILLED');
};

/** What goes on when all is well. */
export const ordinary: readonly Action[] = [
  [20, 'advance', advance],
  [20, 'tick', (world) => world.tick()],
  [12, 'deliver offers', (world) => world.deliver('offers')],
  [14, 'deliver updates', (world) => world.deliver('updates')],
  [10, 'deliver answers', (world) => world.deliver('answers')],
  [10, 'deliver requests', (world) => world.deliver('requests')],
  [25, 'write', (world) => world.write()],
  [50, 'send', (world) => world.send(world.leader, false)],
  [30, 'call', (world) => world.offerService.handleNext(false)],
  [10, 'allocation cycle', (world) => world.mesos.allocate()],
  [12, 'forward updates', (world) => world.mesos.forwardUpdates()],
  [10, 'start a task', startTask],
  [5, 'end a doomed task', endDoomed],
  [10, 'election known', (world) => void (world.offerService.allocationTerm = world.journal.term)],
  [8, 'subscribe', (world) => (world.offerService.connected ? undefined : world.offerService.subscribe())],
  [20, 'elect', (world) => (world.leader === undefined ? world.elect() : undefined)],
  [1, 'repeat', (world) => world.random.pick(world.clients)?.repeat()],
  [0.3, 'repeat config', (world) => world.repeatConfig()],
  [
    1,
    'register agent',
    (world) => {
      const agent = world.random.pick(world.mesos.agents);
      if (agent?.up === true && !agent.registered) world.mesos.returnAgent(agent, false);
    },
  ],
];

/** What operators and clients want. */
export const wishes: readonly Action[] = [
  [
    3,
    'allocate',
    (world) => {
      const client = world.random.pick(world.clients);
      if (client !== undefined && client.wanted < 6) client.allocate();
    },
  ],
  [4, 'settle', (world) => world.random.pick(world.clients)?.settle()],
  [1.5, 'give back', (world) => world.random.pick(world.clients)?.giveBack(world.random.chance(0.1))],
  [1.5, 'read events', (world) => world.random.pick(world.clients)?.readEvents()],
  [0.5, 'scale', (world) => world.scale(world.random.below(6))],
];

/** A task that nobody here launched runs under this framework's id; while a state that began empty is doubted, none is added. */
const addStranger = (world: World): void => {
  const agent = world.random.pick(world.mesos.agents);
  const isDoubted = world.leader?.state.durable.beganEmpty ?? true;
  if (agent === undefined || !agent.up || isDoubted || world.observer.strangers.size > 3) return;
  const id = `stranger_${world.observer.strangers.size}`;
  world.observer.strangers.add(id);
  world.mesos.launch(id, agent, { cpus: 100, mem: 32_000 });
};

/** What goes wrong. */
export const faults: readonly Action[] = [
  [
    0.6,
    'task ends',
    (world) => {
      const task = pickTask(world, hasStarted);
      if (task !== undefined) world.mesos.runTask(task, world.random.chance(0.5) ? 'TASK_FAILED' : 'TASK_FINISHED');
    },
  ],
  [
    2,
    'bad agent',
    (world) => {
      const task = pickTask(world, ({ agent }) => agent.bad);
      if (task !== undefined) world.mesos.runTask(task, 'TASK_FAILED');
    },
  ],
  [
    0.25,
    'agent lost',
    (world) => {
      const agent = world.random.pick(world.mesos.agents);
      if (agent !== undefined) world.mesos.loseAgent(agent);
    },
  ],
  [
    0.5,
    'agent returns',
    (world) => {
      const agent = world.mesos.agents.find(({ up }) => !up);
      if (agent !== undefined) world.mesos.returnAgent(agent, world.random.chance(0.2));
    },
  ],
  [
    0.1,
    'master fails over',
    (world) => {
      world.mesos.failOver();
      world.offerService.disconnected();
    },
  ],
  [0.1, 'stream cut', (world) => world.offerService.disconnected()],
  [0.1, 'offer-service crashes', (world) => world.offerService.crash()],
  [0.3, 'offer-service crashes under a call', (world) => world.offerService.crashUnderCall()],
  [1, 'call under a cut', (world) => world.offerService.handleNext(true)],
  [0.3, 'crash', (world) => world.crash()],
  [0.1, 'second leader', (world) => world.elect()],
  [1, 'former leader sends', (world) => world.send(world.former, false)],
  [0.2, 'former leader writes', (world) => world.former?.write(1)],
  [0.5, 'effect lost', (world) => world.send(world.leader, true)],
  [0.5, 'transient lost', (world) => void world.broker.inputs[world.random.chance(0.7) ? 'offers' : 'answers'].shift()],
  [0.3, 'call lost', (world) => void world.broker.calls.shift()],
  [3, 'duplicate', (world) => world.duplicate(world.random.pick(inputQueues) ?? 'updates')],
  [0.5, 'reorder', (world) => world.broker.shuffleSome(world.random.chance(0.5) ? 'offers' : 'updates')],
  [0.05, 'broker restarts', (world) => world.loseBroker(world.random.chance(0.2))],
  [0.3, 'stranger', addStranger],
  [
    0.06,
    'framework removed',
    (world) => {
      world.mesos.removeFramework();
      world.offerService.disconnected();
    },
  ],
];
