import type { Action } from './actions.js';
import { faults, ordinary, wishes } from './actions.js';
import type { Fault } from './faults.js';
import { noFault } from './faults.js';
import { InvariantError } from './observer.js';
import { unrest } from './unrest.js';
import { World } from './world.js';

const chaos = [...ordinary, ...wishes, ...faults];

export interface Outcome {
  readonly steps: number;
  /** How often each action was taken and each decision seen. */
  readonly counts: Map<string, number>;
}

const act = (world: World, actions: readonly Action[], counts: Map<string, number>): void => {
  const [name, run] = world.random.weighted(actions.map(([weight, title, action]) => [weight, [title, action] as const] as const));
  counts.set(name, (counts.get(name) ?? 0) + 1);
  run(world);
  world.check();
};

/** Everything that was broken is mended; nothing new is asked for. */
const heal = (world: World): void => {
  for (const agent of world.mesos.agents) {
    agent.bad = false;
    if (!agent.up) world.mesos.returnAgent(agent, false);
  }
  world.former = undefined;
};

const CALM_STEPS = 30_000;

/** After the storm everything comes right by itself. */
const calm = (world: World, counts: Map<string, number>): number => {
  heal(world);
  const finishing: Action[] = [...ordinary, ...wishes.filter(([, name]) => name === 'settle' || name === 'read events')];
  for (let steps = 1; steps <= CALM_STEPS; steps += 1) {
    act(world, steps % 500 < 300 ? finishing : ordinary, counts);
    if (steps % 100 !== 0) continue;
    // More is asked for than there is room.
    for (const client of world.clients) client.makeRoom();
    if (unrest(world).length === 0) return steps;
  }
  throw new InvariantError(`not quiet after ${CALM_STEPS} steps: ${unrest(world).slice(0, 5).join('; ')}`);
};

/**
 * One history: `length` steps of chaos, then calm until all is right.
 * @throws with the seed and the step in the message
 */
export const simulate = (seed: number, length: number, fault: Fault = noFault): Outcome => {
  const counts = new Map<string, number>();
  let steps = 0;
  try {
    const world = new World(seed, fault);

    for (; steps < length; steps += 1) act(world, chaos, counts);
    steps += calm(world, counts);
    for (const [what, count] of world.observer.counts) counts.set(`seen: ${what}`, count);
    return { steps, counts };
  } catch (cause) {
    throw new Error(`seed ${seed}, step ${steps}: ${(cause as Error).message}`, { cause });
  }
};
