import { crashes, troubles } from './actions/faults.js';
import { ordinary } from './actions/ordinary.js';
import { wishes } from './actions/wishes.js';
import { crashPoints, effects, events, statuses, timers, type Coverage } from './coverage.js';
import { moves, taskMoves } from './invariants/legal-moves.js';

const mustOccur: Readonly<Record<string, readonly string[]>> = {
  action: [...ordinary, ...wishes, ...troubles, ...crashes].map(({ name }) => name),
  event: events,
  status: statuses,
  timer: timers,
  effect: effects,
  resource: moves,
  task: taskMoves,
  crash: [...crashPoints, ...effects.flatMap((effect) => [`${effect} has left`, `${effect} has not left`])],
  message: ['redelivered'],
  'two leaders': ['the former was refused'],
};

/** What occurred less often than that, with how often it did. */
export const tooRare = (coverage: Coverage, least: number): string[] =>
  Object.entries(mustOccur).flatMap(([kind, names]) =>
    names.filter((name) => coverage.of(kind, name) < least).map((name) => `${kind}: ${name}: ${coverage.of(kind, name)}`),
  );
