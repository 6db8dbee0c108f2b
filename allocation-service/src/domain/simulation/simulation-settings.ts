import type { Settings } from '../settings.js';
import { defaultSettings } from '../settings.js';

export const simulationSettings: Settings = {
  ...defaultSettings,
  roles: ['*', 'prod'],
  supersededKeptSecs: 600,
  // What has ended must stay known for as long as a simulation lasts, or clients could not be told of it twice.
  requestKeptSecs: 10_000_000,
  endedKept: { count: 100_000, secs: 10_000_000 },
  eventsKept: 100_000,
  emptyStateSecs: 10,
  // What waits for long would otherwise be seldom waited for.
  waitAllocatedSecs: 5,
  launchTimeoutSecs: 20,
  inverseOfferRefusalSecs: 20,
  unreachableSecs: 30,
  rollWatchSecs: 2,
};
