// One behaviour of Mesos that can be seen from outside.
import type { Encoding } from '../testing/wire-client.js';
import type { CaseContext } from './case-context.js';
import type { ControlName } from './control.js';

export interface ConformanceCase {
  /** Unique, as it is printed: what Mesos does. */
  readonly name: string;
  /** What proves it: file and function of Mesos's sources, or a page of its docs. */
  readonly source: string;
  /** The first version that does it, as `1.9`; absent: 1.5, the oldest that the suite is for. */
  readonly since?: string;
  /** Default: JSON only. */
  readonly encodings?: readonly Encoding[];
  /** It can be spoiled by other frameworks that take or give back resources meanwhile. */
  readonly alone?: true;
  /** What must be done to the cluster, by the local cluster's faults or by hooks. */
  readonly needs?: readonly ControlName[];
  /** How many masters the cluster must have, the leading one among them; absent: one will do. */
  readonly masters?: 2 | 3;
  /** What a local cluster is started with to show it, as `--offer_timeout=1secs`; another Mesos has it or not. */
  readonly flags?: readonly string[];
  /** @throws ExpectationError when Mesos would do otherwise, NotRunError when this cluster can't show it */
  readonly run: (context: CaseContext) => Promise<void>;
}

export const bothEncodings: readonly Encoding[] = ['json', 'pb'];

export const alone = (cases: readonly ConformanceCase[]): readonly ConformanceCase[] => cases.map((one) => ({ ...one, alone: true }));
