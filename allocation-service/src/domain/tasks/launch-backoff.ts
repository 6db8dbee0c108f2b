import type { Context } from '../context.js';
import { after, backoffSecs } from '../context.js';
import { noteWaiting } from '../demand/note-waiting.js';
import type { Request, Resource } from '../model.js';

/** Failures within one back-off are one: a bad agent ends all its tasks at about the same time. */
export const delayRelaunches = (context: Context, request: Request): void => {
  const { state, now } = context;
  if (now < request.backoff.until) return;
  const { level } = request.backoff;
  request.backoff = { level: level + 1, until: after(context, backoffSecs(state.settings.relaunchBackoff, level)) };
};

/** A waiting resource could not be launched: it waits longer each time before it is tried again. */
export const delayLaunch = (context: Context, resource: Resource): void => {
  const { request } = resource;
  delayRelaunches(context, request);
  resource.notBefore = request.backoff.until;
  context.state.timers.set(`backoff:${resource.id}`, resource.notBefore);
};

/** A resource whose back-off is over is as good as a new one. */
export const onBackoffOver = ({ state }: Context, resourceId: string): void => {
  const resource = state.resources.get(resourceId);
  if (resource?.state === 'NEW') noteWaiting(state, resource.request);
};

/** From now on agents that it avoids will do. */
export const onHeldBackOver = ({ state }: Context, key: string): void => {
  const request = state.requests.get(key);
  if (request?.isWaiting === true) noteWaiting(state, request);
};
