import type { Allocate, Constraint, Licence } from '@streams-on-mesos/messages';

/** Where the resources of a request may run and what else they need, besides their quantities. */
export interface Requirements {
  /** Only offers made to this role are used. */
  readonly role: string;
  /** Higher ones are placed first. */
  readonly priority: number;
  /** No other task of this framework on the agent. */
  readonly aloneOnAgent: boolean;
  /** Revocable resources will do, and are taken before others; else they are never used. */
  readonly revocable: boolean;
  /** All of them must hold. */
  readonly constraints: readonly Constraint[];
  /** Leased while the task may run. */
  readonly licences: readonly Licence[];
  /** Epoch milliseconds: what still waits then has FAILED. */
  readonly placeBy: number | undefined;
}

/** Of the scaled nodes, and what a request has that says nothing. */
export const plainRequirements = (role: string): Requirements => ({
  role,
  priority: 0,
  aloneOnAgent: false,
  revocable: false,
  constraints: [],
  licences: [],
  placeBy: undefined,
});

export const requirementsOf = (allocate: Allocate, defaultRole: string): Requirements => ({
  role: allocate.role ?? defaultRole,
  priority: allocate.priority ?? 0,
  aloneOnAgent: allocate.alone_on_agent ?? false,
  revocable: allocate.revocable ?? false,
  constraints: allocate.constraints ?? [],
  licences: allocate.licences ?? [],
  placeBy: allocate.place_by_ms,
});
