import { forgetDeathsOf } from './avoidance/early-death.js';
import type { Context } from './context.js';
import { after, touch } from './context.js';
import type { Request, Resource, State } from './model.js';
import { SCALING } from './resources.js';

const SWEEP_SECS = 60;

/** All its resources ended so long ago that its id means nothing any more. */
export const isExpired = (state: State, request: Request, now: number): boolean =>
  request.endedAt !== undefined && now - request.endedAt >= state.settings.requestKeptSecs * 1000;

const forgetResource = (context: Context, resource: Resource): void => {
  const { state } = context;
  state.ended.delete(resource);
  state.resources.delete(resource.id);
  resource.request.resources.delete(resource);
  touch(context, 'resource', resource.id);
};

export const forgetRequest = (context: Context, request: Request): void => {
  for (const resource of [...request.resources]) forgetResource(context, resource);
  forgetDeathsOf(context, request);
  context.state.requests.delete(request.key);
  touch(context, 'request', request.key);
};

/** While its request is remembered, a resource is part of the request's answer. */
const isPartOfAnswer = (state: State, { request }: Resource, now: number): boolean =>
  request.owner !== SCALING && !isExpired(state, request, now);

/** Forgets what ended longest ago, above the count or above the age that is kept. */
export const forgetEnded = (context: Context): void => {
  const { state, now } = context;
  const { count, secs } = state.settings.endedKept;
  let surplus = state.ended.size - count;
  for (const resource of [...state.ended]) {
    const age = now - (resource.endedAt ?? now);
    if (surplus <= 0 && age < secs * 1000) break;
    if (isPartOfAnswer(state, resource, now)) continue;
    surplus -= 1;
    forgetResource(context, resource);
    if (resource.request.resources.size === 0 && resource.request.owner !== SCALING) forgetRequest(context, resource.request);
  }
  state.timers.set('forget', after(context, SWEEP_SECS));
};
