import type { DriverSettings } from '../driver-settings.js';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import { growingPauseMs } from '../limits/growing-pause.js';
import { neededNow, noNeeds, sameNeeds, type MasterLimits, type OfferNeeds } from './offer-needs.js';
import { suppressedRoles } from './role-directives.js';
import { fullBucket, takeToken, type TokenBucket } from '../limits/token-bucket.js';

/** Needs that the master did not take. */
interface Refused {
  readonly needs: OfferNeeds;
  /** How often in a row, and until when it is not told them again. */
  readonly failures: number;
  readonly until: number;
  /** Meanwhile it was told that nothing is needed, or that is what it refused. */
  readonly lifted: boolean;
}

/** What the master was last told about which agents to offer. */
export interface NeedDirectives {
  /** undefined while nobody knows what holds at the master. */
  told: OfferNeeds | undefined;
  master: MasterLimits;
  /** What a SUBSCRIBE carried that has not been answered by a subscription. */
  attempted: OfferNeeds | undefined;
  /**
   * UPDATE_FRAMEWORK is on its way. It says which roles are suppressed, too, and the master may authorize it before it acts: a
   * SUPPRESS or REVIVE sent meanwhile could be undone by it.
   */
  inFlight: boolean;
  /** What the master did not take. */
  refused: Refused | undefined;
  readonly bucket: TokenBucket;
}

export const noNeedsTold = ({ reviveBurst, reviveIntervalMs }: DriverSettings): NeedDirectives => ({
  told: undefined,
  master: { takesUpdates: true, takesConstraints: true },
  attempted: undefined,
  inFlight: false,
  refused: undefined,
  bucket: fullBucket(reviveBurst, reviveIntervalMs),
});

/** What a SUBSCRIBE call that leaves now carries. */
export interface SubscribeAttempt {
  readonly suppressedRoles: readonly string[];
  readonly needs: OfferNeeds;
}

/**
 * What to subscribe with. Needs that the master refused, or that an attempt carried which came to nothing, are left out: the
 * master refuses the whole subscription for a wrong constraint. UPDATE_FRAMEWORK tells them then.
 */
export const attemptSubscribe = (state: DriverState): SubscribeAttempt => {
  const { needs } = state;
  const wanted = neededNow(state) ?? noNeeds;
  const doubtful = [needs.attempted, needs.refused?.needs].some((each) => each !== undefined && sameNeeds(each, wanted));
  const carried = doubtful ? noNeeds : wanted;
  needs.attempted = sameNeeds(carried, noNeeds) ? undefined : carried;
  return { suppressedRoles: suppressedRoles(state), needs: carried };
};

/** A subscription starts with what its SUBSCRIBE said. */
export const startNeeds = ({ needs }: DriverState, carried: OfferNeeds, master: MasterLimits): void => {
  needs.told = carried;
  needs.master = master;
  needs.attempted = undefined;
  needs.inFlight = false;
};

/**
 * What to tell the master instead of what it refused; undefined: nothing for now. A master that refuses an UPDATE_FRAMEWORK
 * keeps what it was told before, by which it may hold back the very agents that are needed now: so it is told that nothing is.
 */
const insteadOf = (wanted: OfferNeeds, refused: Refused | undefined, now: number): OfferNeeds | undefined => {
  if (refused === undefined || now >= refused.until || !sameNeeds(refused.needs, wanted)) return wanted;
  return refused.lifted ? undefined : noNeeds;
};

/** One UPDATE_FRAMEWORK, complete, when something else is needed than the master was told. */
export const directNeeds = (state: DriverState, now: number): Effect[] => {
  const { needs, roles, settings, subscription } = state;
  const needed = neededNow(state);
  if (subscription === undefined || needed === undefined || needs.inFlight || !needs.master.takesUpdates) return [];
  const wanted = insteadOf(needed, needs.refused, now);
  if (wanted === undefined || (needs.told !== undefined && sameNeeds(needs.told, wanted))) return [];
  if (!takeToken(needs.bucket, now)) return [];
  if (needs.refused !== undefined && wanted !== needed) needs.refused = { ...needs.refused, lifted: true };
  needs.told = wanted;
  needs.inFlight = true;
  // Those that wait for their REVIVE stay suppressed: reviving is rationed.
  const suppressed = settings.roles.filter((role) => roles.told.get(role) !== 'wanted');
  return [
    {
      type: 'call-mesos',
      call: { kind: 'update-framework', suppressedRoles: suppressed, needs: wanted },
      concern: { of: 'needs', needs: wanted, counter: subscription.id.counter },
    },
  ];
};

/** Whether it was told that nothing is needed since it had refused what is. */
const isInstead = (state: DriverState, told: OfferNeeds): boolean =>
  state.needs.refused?.lifted === true && sameNeeds(told, noNeeds) && !sameNeeds(neededNow(state) ?? noNeeds, noNeeds);

/** What became of an UPDATE_FRAMEWORK. What the master refuses is told again ever more seldom, and at once when it changes. */
export const needsAnswered = (
  state: DriverState,
  concern: { readonly needs: OfferNeeds; readonly counter: number },
  result: 'sent' | 'not-sent' | 'unknown',
  now: number,
): void => {
  const { needs, settings } = state;
  if (concern.counter !== state.subscription?.id.counter) return;
  needs.inFlight = false;
  if (result !== 'sent') needs.told = undefined;
  if (isInstead(state, concern.needs)) return;
  if (result === 'sent') {
    needs.refused = undefined;
    return;
  }
  const before = needs.refused !== undefined && sameNeeds(needs.refused.needs, concern.needs) ? needs.refused.failures : 0;
  const failures = before + 1;
  const until = now + growingPauseMs(failures, settings.retry);
  needs.refused = { needs: concern.needs, failures, until, lifted: sameNeeds(concern.needs, noNeeds) };
};
