import type { Context } from '../context.js';
import { after, backoffSecs } from '../context.js';
import type { Request, Resource } from '../model.js';

/** Failures within one back-off are one: a bad agent ends all its tasks at about the same time. */
export const delayRelaunches = (context: Context, request: Request): void => {
  const { state, now } = context;
  if (now < request.backoff.until) return;
  const { level } = request.backoff;
  // The end of the one before may be due at this very moment: it must not be replaced unheard.
  if (level > 0) onBackoffOver(context);
  request.backoff = { level: level + 1, until: after(context, backoffSecs(state.settings.relaunchBackoff, level)) };
};

/** A waiting resource could not be launched: it waits longer each time before it is tried again. */
export const delayLaunch = (context: Context, resource: Resource): void => {
  const { request } = resource;
  delayRelaunches(context, request);
  resource.notBefore = request.backoff.until;
  context.state.timers.set(`backoff:${request.key}`, resource.notBefore);
};

/** Resources whose back-off is over are as good as new ones. */
export const onBackoffOver = (context: Context): void => {
  context.state.leader.demand.newWaiting = true;
};
