import type { AppConfiguration } from './app-definition.js';

/** The launch delay of an app whose tasks end. Times in ms. */
export interface LaunchDelay {
  readonly since: number;
  readonly delayMs: number;
  readonly forgetAfterMs: number;
}

type Backoff = Pick<AppConfiguration, 'backoffSeconds' | 'backoffFactor' | 'maxLaunchDelaySeconds'>;

/** After one more early end: the first delay is `backoffSeconds`, each next `backoffFactor` times the one before, up to `maxLaunchDelaySeconds` (docs/backoff.md). */
export function increased(delay: LaunchDelay | undefined, app: Backoff, now: number): LaunchDelay {
  const longest = app.maxLaunchDelaySeconds * 1000;
  const wanted = delay && !isOver(delay, now) ? delay.delayMs * app.backoffFactor : app.backoffSeconds * 1000;
  return { since: now, delayMs: Math.min(wanted, longest), forgetAfterMs: longest };
}

export const deadline = (delay: LaunchDelay | undefined): number => (delay ? delay.since + delay.delayMs : 0);

/** No end for longer than the longest delay: the app counts as sound again. */
export const isOver = (delay: LaunchDelay, now: number): boolean => now > delay.since + delay.forgetAfterMs;
