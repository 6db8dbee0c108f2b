import type { DesiredState } from '@streams-on-mesos/messages';

/** Which allocation-service leader counts, and what it wants. Terms only grow, so one seen in a message is as good as one read from ZooKeeper. */
export interface AllocationInForce {
  /** undefined: there is no leader. */
  term: number | undefined;
  newestTerm: number;
  /** The newest one received; in force only while its term is. */
  desired: DesiredState | undefined;
  /** The term that said hello last. */
  greetedBy: number | undefined;
  /** That hello still needs an answer, or the answer may have got lost. */
  answerDue: boolean;
}

export const noAllocation = (): AllocationInForce => ({
  term: undefined,
  newestTerm: -1,
  desired: undefined,
  greetedBy: undefined,
  answerDue: false,
});

/** What ZooKeeper says; it may lag behind the messages of a new leader. */
export const termFromZooKeeper = (allocation: AllocationInForce, term: number | undefined): void => {
  if (term !== undefined && term < allocation.newestTerm) return;
  allocation.term = term;
  allocation.newestTerm = term ?? allocation.newestTerm;
};

/** Takes note of a message of this term, and says whether the term is in force. */
export const isInForce = (allocation: AllocationInForce, term: number): boolean => {
  if (term > allocation.newestTerm) {
    allocation.term = term;
    allocation.newestTerm = term;
  }
  return allocation.term === term;
};

/** Within a term the highest revision wins; one of an older term never does. */
export const desire = (allocation: AllocationInForce, desired: DesiredState): void => {
  const held = allocation.desired;
  if (held !== undefined && held.allocation_term === desired.allocation_term && held.revision > desired.revision) return;
  allocation.desired = desired;
};

export const desiredInForce = ({ desired, term }: AllocationInForce): DesiredState | undefined =>
  desired !== undefined && desired.allocation_term === term ? desired : undefined;
