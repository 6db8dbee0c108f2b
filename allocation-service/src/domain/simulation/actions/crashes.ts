import type { World } from '../world.js';
import type { Action } from './action.js';

/** What is often on its way is seldom where it crashes; what is not named here is so always. */
const crashChances: Readonly<Record<string, number>> = {
  reply: 0.01,
  kill: 0.4,
  reconcile: 0.3,
  'desired-state': 0.03,
  hello: 0.05,
  accept_inverse_offers: 0.5,
};

/** The rarest are crashed at whenever they leave, so that others get there too. */
const rareEffects: Readonly<Record<string, number>> = {
  'client-event': 1,
  resolve_workload: 1,
  decline: 1,
  'request-ready': 0.5,
  run_stop_hook: 0.2,
  accept: 0.3,
  decline_inverse_offers: 1,
  accept_inverse_offers: 0.5,
};

const crashChance = (effect: string | undefined): number => (effect === undefined ? 0 : (crashChances[effect] ?? 1));

/** Dies with everything written and no effect on its way. */
const afterWrite = (world: World): boolean => world.leader?.crashPoint.written === true && world.random.chance(0.1) && world.crash();

/** Dies with a client event half told: just before it leaves, or just after. */
const withNews = (world: World): boolean => {
  const { left, toLeave } = world.leader?.crashPoint ?? {};
  return [left, toLeave].includes('client-event') && world.random.chance(0.5) && world.crash();
};

/** Dies just before or just after an effect that is rare. */
const atRareEffect =
  (when: 'before' | 'after') =>
  (world: World): boolean => {
    const { left, toLeave } = world.leader?.crashPoint ?? {};
    const effect = (when === 'before' ? toLeave : left) ?? '';
    return world.random.chance(rareEffects[effect] ?? 0) && world.crash();
  };

/** Dies with some effects of a step on their way and others not; most of all when that is rare. */
const betweenEffects = (world: World): boolean => {
  const { left, toLeave } = world.leader?.crashPoint ?? {};
  return world.random.chance(Math.max(crashChance(left), crashChance(toLeave))) && world.crash();
};

/** What happens to allocation-service itself. */
export const crashes: readonly Action[] = [
  { weight: 0.15, name: 'crash', act: (world) => world.crash() },
  { weight: 8, name: 'crash after a write', act: afterWrite },
  { weight: 40, name: 'crash between effects', act: betweenEffects },
  { weight: 20, name: 'crash with news for clients', act: withNews },
  { weight: 20, name: 'crash before a rare effect', act: atRareEffect('before') },
  { weight: 20, name: 'crash after a rare effect', act: atRareEffect('after') },
  { weight: 0.2, name: 'second leader', act: (world) => world.leader !== undefined && world.elect() },
  { weight: 10, name: 'former leader sends', act: (world) => world.send(world.former, false) },
  { weight: 5, name: 'former leader writes', act: (world) => world.writeAsFormer() },
  { weight: 20, name: 'former leader ticks', act: (world) => world.tickFormer() },
];
