import type { Context } from '../context.js';
import { touch } from '../context.js';
import { breakDelay } from '../delay.js';
import type { Resource, Task } from '../model.js';
import { endResource, hasEnded } from '../resources.js';
import { killTask } from './kill.js';
import { beginStopHook, runStopHook } from './stop-hook.js';

/** Ends a resource as somebody asked: at once while it waits, else when its task is proven to have ended. */
export const stopResource = (context: Context, resource: Resource, requestState: 'REQUEST_RELEASED' | 'REQUEST_CANCELLED'): void => {
  if (hasEnded(resource) || resource.state === 'STOPPING') return;
  // What was ALLOCATED ends in exactly one of released and revoked, however it is given back.
  resource.requestState = resource.requestState === 'REQUEST_ALLOCATED' ? 'REQUEST_RELEASED' : requestState;
  const { task } = resource;
  if (task === undefined) {
    endResource(context, resource, resource.requestState === 'REQUEST_CANCELLED' ? 'CANCELLED' : 'STOPPED', 'NONE');
    return;
  }
  resource.state = 'STOPPING';
  touch(context, 'resource', resource.id);
  breakDelay(context, task);
  // What has not begun has nothing to take leave of, and nobody can tell what is lost to end. Scaled nodes have no hook.
  if (resource.request.workload.stop_hook === true && task.phase === 'RUNNING') beginStopHook(context, resource, task);
  else killTask(context, task);
};

/** A leader before this one was told to stop it: the stop goes on from what is in its record. */
export const resumeStop = (context: Context, resource: Resource, task: Task): void => {
  if (resource.stopHookSince === undefined) killTask(context, task);
  else runStopHook(context, resource, task);
};
