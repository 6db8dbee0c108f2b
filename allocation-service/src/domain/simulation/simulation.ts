import type { Action } from './actions/action.js';
import { directed } from './actions/directed.js';
import { crashes } from './actions/crashes.js';
import { troubles } from './actions/faults.js';
import { ordinary } from './actions/ordinary.js';
import { themes, type Theme } from './actions/themes.js';
import { finishing, wishes } from './actions/wishes.js';
import type { Coverage } from './coverage.js';
import type { Fault } from './planted-faults.js';
import { noFault } from './planted-faults.js';
import { InvariantError } from './invariants/invariant-error.js';
import { Choices, Random } from './model/random.js';
import { unrest } from './unrest.js';
import { World } from './world.js';

/** Every history has its theme, its own pace and troubles: some are left out, some are much more frequent. */
const chaosOf = (seed: number, { weights, troubles: most, paces }: Theme): Action[] => {
  const random = new Random(seed ^ 0x5eed);
  const times = (actions: readonly Action[], factors: readonly number[], all = 1): Action[] =>
    actions.map((action) => {
      const factor = all * (random.pick(factors) ?? 1);
      return { ...action, weight: weights[action.name] ?? action.weight * factor };
    });
  const intensity = most * (random.pick([0.03, 0.1, 0.3, 1]) ?? 1);
  return [
    ...times(ordinary, paces),
    ...times(wishes, [1]),
    ...times(troubles, [0, 0, 1, 1, 2, 6], intensity),
    ...times(directed, [0, 1, 1, 2]),
    ...times(crashes, [0, 0.3, 1, 1, 2], most),
  ].filter(({ weight }) => weight > 0);
};

export interface Outcome {
  /** What the world did: each may be several events for allocation-service, or none. */
  readonly actions: number;
  /** Events that allocation-service decided on, each followed by all checks. */
  readonly steps: number;
  readonly coverage: Coverage;
}

/** The next thing that can happen happens. */
const act = (world: World, choices: Choices<Action>): void => {
  for (;;) {
    const { name, act: happen } = choices.pick(world.random);
    if (!happen(world)) continue;
    world.coverage.count('action', name);
    world.check();
    return;
  }
};

/** Everything that was broken is mended; nothing new is asked for. */
const heal = (world: World): void => {
  for (const agent of world.mesos.agents) {
    agent.bad = false;
    if (!agent.up) world.mesos.returnAgent(agent, false);
  }
  world.former = undefined;
  world.isCalm = true;
};

const calmCrashes: ReadonlySet<string> = new Set(['crash before a rare effect', 'crash after a rare effect']);
const LONGEST_CALM = 40_000;
const LONGEST_UNREST = 5_000;
const calmly = new Choices(ordinary);
const asCalmly = new Choices([...ordinary, ...finishing]);
/** Between two storms it may still crash where that is rare: there is more to crash at. */
const nearlyCalmly = new Choices([
  ...ordinary,
  ...finishing,
  ...crashes.filter(({ name }) => calmCrashes.has(name)).map((crash) => ({ ...crash, weight: 5 })),
]);

/** After the storm everything comes right by itself. */
const calm = (world: World, isLast: boolean): number => {
  heal(world);
  for (let actions = 1; actions <= LONGEST_CALM; actions += 1) {
    const busily = isLast || actions > LONGEST_UNREST ? asCalmly : nearlyCalmly;
    act(world, actions % 250 < 100 ? busily : calmly);
    if (actions % 50 !== 0) continue;
    // More is asked for than there is room.
    for (const client of world.clients) client.makeRoom();
    if (unrest(world).length > 0) continue;
    world.isCalm = false;
    return actions;
  }
  throw new InvariantError(`not quiet after ${LONGEST_CALM} actions: ${unrest(world).slice(0, 5).join('; ')}`);
};

/**
 * One history: `length` actions of chaos, then calm until all is right, and half of that once more.
 * @throws with the seed and the step in the message
 */
export const simulate = (seed: number, length: number, fault: Fault = noFault): Outcome => {
  let actions = 0;
  try {
    const theme = themes[seed % themes.length] ?? themes[0];
    const world = new World(seed, fault, theme);
    const chaos = new Choices(chaosOf(seed, theme));
    // Most of what was asked for is ALLOCATED when the second storm begins.
    for (const [storm, isLast] of [
      [length * theme.length, false],
      [(length * theme.length) / 2, true],
    ] as const) {
      for (const agent of world.mesos.agents.slice(0, 1)) agent.bad = true;
      for (const end = actions + storm; actions < end; actions += 1) act(world, chaos);
      actions += calm(world, isLast);
    }
    return { actions, steps: world.observer.steps, coverage: world.coverage };
  } catch (cause) {
    throw new Error(`seed ${seed}, action ${actions}: ${(cause as Error).message}`, { cause });
  }
};
