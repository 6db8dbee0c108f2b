import { recordClientEvent } from '../client-events.js';
import type { Context } from '../context.js';
import { touch } from '../context.js';
import type { Resource } from '../model.js';
import { isScaled } from '../resources.js';
import { isOver, sameWindow } from './window.js';

/**
 * Tells the owner of an ALLOCATED resource, if its agent is to be maintained, that it will be lost: once for each window, also
 * over changes of the leader, since Mesos announces a window anew whenever its operator touches the schedule
 * (docs/maintenance.md, "Draining mode").
 */
export const warnOwner = (context: Context, resource: Resource): void => {
  const { state, now } = context;
  const window = state.leader.maintenance.get(resource.placement?.agentId ?? '')?.window;
  const isOwned = resource.requestState === 'REQUEST_ALLOCATED' && resource.task !== undefined && !isScaled(resource);
  if (window === undefined || !isOwned || isOver(window, now)) return;
  const told = resource.maintenance;
  const isTold = told !== undefined && sameWindow(told.window, window);
  if (isTold && !told.calledOff) return;
  resource.maintenance = { window, calledOff: false };
  touch(context, 'resource', resource.id);
  if (!isTold) recordClientEvent(context, 'REVOKE_IMMINENT', resource);
};
