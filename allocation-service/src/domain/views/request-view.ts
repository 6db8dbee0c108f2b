import type { Allocate, Quantities, Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Request, State } from '../model.js';
import { hasEnded } from '../resources.js';
import { requestName } from './request-name.js';
import { resourceView, type ResourceView } from './resource-view.js';

/** WAITING: a resource of it waits for an offer. ACTIVE: none does, and one has not ended. ENDED: all have. */
export type RequestViewState = 'WAITING' | 'ACTIVE' | 'ENDED';

/** A request as others see it: what it asks for, in the words of Allocate, and how far it is. */
export interface RequestView extends Pick<
  Allocate,
  'priority' | 'alone_on_agent' | 'constraints' | 'licences' | 'revocable' | 'place_by_ms'
> {
  /** As in `/requests/<id>`. */
  readonly id: string;
  /** The client id, or "scaling". */
  readonly owner: string;
  /** The client's; absent for the scaled nodes. */
  readonly request_id?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: RequestViewState;
  readonly role: string;
  readonly each: Quantities;
  /** How many of its resources are in each state. */
  readonly resources: Readonly<Partial<Record<ResourceMessage.State, number>>>;
  readonly created_at_ms: number;
  readonly ended_at_ms?: number;
  /** Nothing of it is launched before. */
  readonly backoff_until_ms?: number;
  /** Agents on which its tasks died early, and when the last one did. */
  readonly avoided_agents?: Readonly<Record<string, number>>;
}

/** With what it runs, and every resource. */
export interface RequestDetails extends RequestView {
  readonly workload: Allocate['workload'];
  readonly resource_list: readonly ResourceView[];
}

export const requestState = (request: Request): RequestViewState => {
  if (request.waiting.size > 0) return 'WAITING';
  return [...request.resources].every(hasEnded) ? 'ENDED' : 'ACTIVE';
};

const eachOf = (state: State, { allocate, resources }: Request): Quantities => {
  const newest = [...resources].at(-1);
  return { ...(allocate?.each ?? newest?.requested ?? state.settings.nodeQuantities) };
};

const countsOf = (request: Request): RequestView['resources'] => {
  const counts: Partial<Record<ResourceMessage.State, number>> = {};
  for (const { state } of request.resources) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

/** Holds parts of the request that never change. */
export const requestView = (state: State, request: Request): RequestView => {
  const { allocate, requirements, backoff, avoided, endedAt } = request;
  const { role, priority, aloneOnAgent, revocable, constraints, licences, placeBy } = requirements;
  return {
    id: requestName(request),
    owner: request.owner,
    ...(allocate !== undefined && { request_id: allocate.request_id }),
    labels: { ...allocate?.labels },
    state: requestState(request),
    role,
    priority,
    each: eachOf(state, request),
    ...(aloneOnAgent && { alone_on_agent: true }),
    ...(revocable && { revocable: true }),
    ...(constraints.length > 0 && { constraints: [...constraints] }),
    ...(licences.length > 0 && { licences: [...licences] }),
    ...(placeBy !== undefined && { place_by_ms: placeBy }),
    resources: countsOf(request),
    created_at_ms: request.createdAt,
    ...(endedAt !== undefined && { ended_at_ms: endedAt }),
    ...(backoff.until > 0 && { backoff_until_ms: backoff.until }),
    ...(avoided.size > 0 && { avoided_agents: Object.fromEntries(avoided) }),
  };
};

export const requestDetails = (state: State, request: Request): RequestDetails => ({
  ...requestView(state, request),
  workload: request.workload,
  resource_list: [...request.resources].map(resourceView),
});
