import { crashes } from './actions/crashes.js';
import { troubles } from './actions/faults.js';
import { directed } from './actions/directed.js';
import { ordinary } from './actions/ordinary.js';
import { wishes } from './actions/wishes.js';
import { clientEvents, crashPoints, effects, events, statuses, timers, type Coverage } from './coverage.js';
import { moves, taskMoves } from './invariants/legal-moves.js';

const mustOccur: Readonly<Record<string, readonly string[]>> = {
  action: [...ordinary, ...wishes, ...troubles, ...directed, ...crashes].map(({ name }) => name),
  event: events,
  status: statuses,
  timer: timers,
  effect: effects,
  'client event': clientEvents,
  resource: moves,
  task: taskMoves,
  crash: [...crashPoints, ...effects.flatMap((effect) => [`${effect} has left`, `${effect} has not left`])],
  message: ['redelivered'],
  'two leaders': ['the former was refused'],
};

export interface Rarity {
  readonly kind: string;
  readonly name: string;
  readonly count: number;
}

/** What occurred less often than that, the rarest first. */
export const tooRare = (coverage: Coverage, least: number): Rarity[] =>
  Object.entries(mustOccur)
    .flatMap(([kind, names]) => names.map((name) => ({ kind, name, count: coverage.of(kind, name) })))
    .filter(({ count }) => count < least)
    .sort((a, b) => a.count - b.count);
