import type { Action } from './action.js';

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
  { weight: 0.3, name: 'kill unknown tasks', act: (world) => world.killUnknown() },
  { weight: 0.5, name: 'scale', act: (world) => world.scale(world.random.below(6)) },
];
