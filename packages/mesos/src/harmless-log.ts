import type { Log } from './scheduler-client-settings.js';

/** The user's log, whose own failures stay its own: thrown into the life of a subscription, they would end it. */
export const harmlessLog =
  (log: Log | undefined): Log =>
  (level, message, fields) => {
    try {
      // Nobody keeps an async function from being given for one that returns nothing.
      Promise.resolve(log?.(level, message, fields) as unknown).catch(() => undefined);
    } catch {
      // There is nobody to tell.
    }
  };
