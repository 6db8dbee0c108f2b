import type { Constraint, Quantities, Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { RoleNeeds } from '../demand/role-needs.js';
import type { Refusal, RefusalReason } from '../matching/feasibility.js';

/** One thing that can be changed so that a waiting resource fits. */
export type Remedy =
  /** In the units of Quantities; of cpus and mem 0 meant all that an offer has. */
  | { readonly change: 'reduce'; readonly quantity: 'cpus' | 'mem' | 'disk' | 'gpus'; readonly from: number; readonly to: number }
  /** So many ports, whichever, instead of those that were asked for. */
  | { readonly change: 'any-ports'; readonly ports: number }
  /** `number` counts from 1, in the order of the request. */
  | { readonly change: 'drop-constraint'; readonly number: number; readonly constraint: Constraint }
  | { readonly change: 'accept-revocable' }
  | { readonly change: 'share-agent' }
  | { readonly change: 'use-role'; readonly role: string }
  /** Of the scaling config. */
  | { readonly change: 'raise-licence'; readonly name: string; readonly from: number; readonly to: number }
  /** Nobody avoids the agent any more. */
  | { readonly change: 'return-agent'; readonly agent_id: string }
  | { readonly change: 'raise-priority'; readonly from: number; readonly to: number }
  /** Only time has to pass: until the back-off is over; until avoided agents and those near maintenance are used, since no others have room. */
  | { readonly change: 'wait'; readonly seconds: number; readonly until: 'backed-off' | 'unwelcome-agents-will-do' };

/** What would make one more resource of the request fit: all the remedies together, and none of them is needless. */
export interface Proposal {
  /** Absent: nothing was offered that it could be placed on. */
  readonly agent_id?: string;
  readonly host?: string;
  readonly remedies: readonly Remedy[];
  readonly text: string;
}

/** How many of the offers looked at were refused for one reason; an offer may be counted for several. */
export interface RefusalCount {
  readonly reason: RefusalReason;
  readonly offers: number;
  readonly constraint?: Constraint;
  /** The refusal that came closest. */
  readonly closest: Refusal;
  readonly text: string;
}

export interface Explanation {
  /** Of the request, as in the API. */
  readonly id: string;
  readonly state: string;
  /** How many of its resources wait for an offer. */
  readonly waiting: number;
  readonly requested: Quantities;
  readonly offers: {
    /** The last one of each agent and role that this leader was offered, the newest 20,000 of them. */
    readonly seen: number;
    /** All of those, which the counts and proposals are about; 0 when nothing waits. */
    readonly looked_at: number;
    /** On how many of them it would fit; it is placed with the next offers. */
    readonly fitting: number;
    readonly last_seen_at_ms?: number;
    /** Since when it waits for offers, or this leader does, of which none has come. */
    readonly none_since_ms?: number;
    /** When Mesos was last asked for them. */
    readonly asked_at_ms?: number;
  };
  /** What keeps Mesos from making offers: nobody is subscribed, the settings no longer have the role, or the role is suppressed since nothing of it could be placed. */
  readonly no_offers_because?: 'not-connected' | 'role-not-ours' | 'backing-off' | 'licence-missing';
  /** What Mesos is asked to offer for its role; nothing less is offered. */
  readonly asked_for?: RoleNeeds;
  readonly refusals: readonly RefusalCount[];
  readonly backoff_until_ms?: number;
  /** What streams-bridge last said about the start command, and when. */
  readonly workload_fault?: { readonly message: string; readonly at_ms: number };
  /** The fewest changes first. */
  readonly proposals: readonly Proposal[];
  /** Those that do not wait. */
  readonly others: readonly { readonly id: string; readonly state: ResourceMessage.State; readonly text: string }[];
  /** All of it in plain words, a line each. */
  readonly text: readonly string[];
}
