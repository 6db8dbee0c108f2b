// What a master is too old for. Older masters ignore fields that they don't know without a word, and refuse unknown calls.
import type { Call } from '../generated/protocol.js';

/** Since which version the master knows it (docs/upgrades.md). */
const SINCE = { UPDATE_FRAMEWORK: '1.9.0', 'offer constraints': '1.11.0' } as const;
export type Feature = keyof typeof SINCE;

const numbersOf = (version: string): number[] => version.split(/[-+]/, 1)[0]!.split('.').map(Number);

/** Numerically: 1.10 is later than 1.9. What follows a dash (`-rc1`, `-dev`) does not count. */
const isBefore = (version: string, other: string): boolean => {
  const [left, right] = [numbersOf(version), numbersOf(other)];
  for (const [index, number] of right.entries()) if ((left[index] ?? 0) !== number) return (left[index] ?? 0) < number;
  return false;
};

/** A version that is not known or can't be read counts as new enough. */
const lacks = (version: string | undefined, feature: Feature): boolean =>
  version !== undefined && !numbersOf(version).some(Number.isNaN) && isBefore(version, SINCE[feature]);

/** Whether a master of this version (`MasterInfo.version`) takes UPDATE_FRAMEWORK calls, or offer constraints; one that is not known counts as new enough. */
export const masterKnows = (version: string | undefined, feature: Feature): boolean => !lacks(version, feature);

export interface FittedCall {
  /** undefined: the master would refuse the whole call. */
  readonly call: Call | undefined;
  readonly leftOut: readonly { readonly feature: Feature; readonly since: string }[];
}

const leftOut = (feature: Feature) => ({ feature, since: SINCE[feature] });

/** The call without what a master of this version does not know. */
export const fitCall = (call: Call, version: string | undefined): FittedCall => {
  if (call.update_framework !== undefined && lacks(version, 'UPDATE_FRAMEWORK'))
    return { call: undefined, leftOut: [leftOut('UPDATE_FRAMEWORK')] };
  const hasConstraints = call.subscribe?.offer_constraints !== undefined || call.update_framework?.offer_constraints !== undefined;
  if (!hasConstraints || !lacks(version, 'offer constraints')) return { call, leftOut: [] };
  const { subscribe, update_framework, ...rest } = call;
  const fitted: Call = {
    ...rest,
    ...(subscribe && { subscribe: { ...subscribe, offer_constraints: undefined } }),
    ...(update_framework && { update_framework: { ...update_framework, offer_constraints: undefined } }),
  };
  return { call: fitted, leftOut: [leftOut('offer constraints')] };
};
