import type { Context } from '../context.js';
import { touch } from '../context.js';
import { breakDelay } from '../delay.js';
import { killTask } from './kill.js';
import type { Resource } from '../model.js';
import { endResource, hasEnded } from '../resources.js';

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
  killTask(context, task);
};
