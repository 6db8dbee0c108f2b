import type { Request } from '../model.js';

/** What tells one request from another; the rest is the same for all that are new. */
type RequestIdentity = Pick<Request, 'key' | 'owner' | 'allocate' | 'workload' | 'requirements' | 'taskPrefix' | 'createdAt' | 'traceId'>;

/** A request to which nothing has happened yet. */
export const newRequest = (identity: RequestIdentity): Request => ({
  ...identity,
  settledSequence: undefined,
  endedAt: undefined,
  avoided: new Map(),
  livesElsewhere: new Set(),
  resources: new Set(),
  waiting: new Set(),
  living: 0,
  backoff: { level: 0, until: 0 },
  lastWorkloadFault: undefined,
  need: undefined,
  firstNumber: Infinity,
  isWaiting: false,
  kind: undefined,
  heldBackSince: undefined,
});
