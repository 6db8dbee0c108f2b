import type { Unavailability } from '@streams-on-mesos/mesos';
import type { Maintenance } from '@streams-on-mesos/messages';

/** When an agent is out of service, in whole milliseconds; without a duration for ever (mesos.proto, Unavailability). */
export const windowOf = ({ start, duration }: Unavailability): Maintenance => ({
  start_ms: toMs(start.nanoseconds),
  ...(duration !== undefined && { duration_ms: toMs(duration.nanoseconds) }),
});

const toMs = (nanoseconds: number | string): number => Math.round(Number(nanoseconds) / 1e6);

export const sameWindow = (a: Maintenance, b: Maintenance): boolean => a.start_ms === b.start_ms && a.duration_ms === b.duration_ms;

/** It means nothing any more, although Mesos goes on announcing it until its operator ends it. */
export const isOver = ({ start_ms: start, duration_ms: duration }: Maintenance, now: number): boolean =>
  duration !== undefined && start + duration <= now;

/** Whether it has begun or will within the horizon, and is not over. */
export const isNear = (window: Maintenance, now: number, horizonSecs: number): boolean =>
  window.start_ms <= now + horizonSecs * 1000 && !isOver(window, now);
