import type { Subscription } from '@streams-on-mesos/messages';
import type { RoleNeeds } from './demand/role-needs.js';
import { DueTogether } from './due-together.js';
import type { HeldOffer } from './deferred/held-offers.js';
import type { AnnouncedMaintenance } from './maintenance/announced.js';
import type { Earmark } from './earmarks/earmark.js';
import { HandledOffers } from './matching/handled-offers.js';
import type { KnownAgent } from './agents/known-agent.js';
import type { Request, Resource, StatusPosition, Task } from './model.js';

/** A task that Mesos reported as this framework's and that no record knows. */
export interface UnknownTask {
  readonly agentId: string | undefined;
  last: StatusPosition;
  /** The implicit reconciliations that named it. */
  readonly rounds: Set<number>;
}

export interface PendingKill {
  readonly agentId: string | undefined;
  readonly graceSecs: number | undefined;
  readonly traceId: string;
}

/** What is asked of Mesos: offers for which roles and of which agents, and how often they were asked for anew. */
export interface Demand {
  revision: number;
  reviveCounter: number;
  /** The roles that are not suppressed. */
  wanted: ReadonlySet<string>;
  /** What the agents that are offered to a role must have. */
  readonly needs: Map<string, RoleNeeds>;
  /** Something waits that no revive was sent for. */
  newWaiting: boolean;
  /** Of each role, a request of which something could be placed when that was looked at last: who else waits is looked at only without it. */
  readonly ready: Map<string, Request>;
  /** Requests of which something may be placed since then that could not before. */
  readonly candidates: Set<Request>;
  /** There are more licences free than before. */
  licencesReturned: boolean;
  revivedAt: number | undefined;
  /** Revives in a row that no offers followed. */
  unanswered: number;
  /** The desired state has to be sent even if it is the same. */
  repeat: boolean;
  sentAt: number;
}

/** What only this leader, in this term, knows: it is rebuilt from what Mesos reports, not from records. */
export interface Leader {
  term: number;
  /** When it began to lead, in epoch milliseconds. */
  since: number;
  /** The calls made: their ids are `<term>-<n>`. */
  calls: number;
  /** The newest that was announced. */
  subscription: Subscription | undefined;
  /** Not (yet) told that this subscription ended. */
  connected: boolean;
  /** The last hello was answered: offers handed over from now on are fresh. */
  greeted: boolean;
  helloAt: number | undefined;
  /** The answer to the last hello is to start a reconciliation. */
  reconcileWhenGreeted: boolean;
  /** The tasks of each ACCEPT that is not answered yet, by call id. */
  readonly unansweredAccepts: Map<string, readonly Task[]>;
  /** Their ids, by when the answer is missing. */
  readonly answersDue: DueTogether<string>;
  /** The tasks that were launched, by when a status of them is missing. */
  readonly launchesDue: DueTogether<Task>;
  readonly handledOffers: HandledOffers;
  /** What streams-bridges were asked so far: the ids are `<term>-ask-<n>`. */
  asks: number;
  /** Offers that wait for the start commands of what was matched to them, by the id of each question. */
  readonly heldOffers: Map<string, HeldOffer>;
  /** Requests whose deferred resources gave way once to others that an offer was matched to. */
  readonly passedOver: Set<Request>;
  /** Resources whose stop hook was asked for, by the id of the question. */
  readonly stopHooks: Map<string, Resource>;
  /** The agents that were offered, the one not offered for longest first. */
  readonly agents: Map<string, KnownAgent>;
  /** Agents that are to be maintained, by id. */
  readonly maintenance: Map<string, AnnouncedMaintenance>;
  /** How often offers were matched. */
  matchings: number;
  /** Agents that are earmarked for a request that has waited for long. */
  earmark: Earmark | undefined;
  /** How often all agents were looked at in the last matching, to be earmarked for somebody. */
  earmarkSearches: number;
  /** When agents were last looked for to be earmarked for a request, by its key. */
  readonly earmarkSearchedAt: Map<string, number>;
  /** Tasks whose state was asked for, and when they are asked for again. */
  readonly reconciling: Map<string, { attempts: number; nextAt: number }>;
  /** Implicit reconciliations so far. */
  implicitRound: number;
  readonly unknownTasks: Map<string, UnknownTask>;
  readonly kills: Map<string, PendingKill>;
  readonly demand: Demand;
}

/** An id for what a streams-bridge is asked, never used again. */
export const nextAskId = (leader: Leader): string => {
  leader.asks += 1;
  return `${leader.term}-ask-${leader.asks}`;
};

export const newLeader = (): Leader => ({
  term: 0,
  since: 0,
  calls: 0,
  subscription: undefined,
  connected: false,
  greeted: false,
  helloAt: undefined,
  reconcileWhenGreeted: true,
  unansweredAccepts: new Map(),
  answersDue: new DueTogether('answer'),
  launchesDue: new DueTogether('launch'),
  handledOffers: new HandledOffers(),
  asks: 0,
  heldOffers: new Map(),
  passedOver: new Set(),
  stopHooks: new Map(),
  agents: new Map(),
  maintenance: new Map(),
  matchings: 0,
  earmark: undefined,
  earmarkSearches: 0,
  earmarkSearchedAt: new Map(),
  reconciling: new Map(),
  implicitRound: 0,
  unknownTasks: new Map(),
  kills: new Map(),
  demand: {
    revision: 0,
    reviveCounter: 0,
    wanted: new Set(),
    needs: new Map(),
    newWaiting: false,
    ready: new Map(),
    candidates: new Set(),
    licencesReturned: false,
    revivedAt: undefined,
    unanswered: 0,
    repeat: false,
    sentAt: 0,
  },
});
