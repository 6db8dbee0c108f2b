import type { Maintenance } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import { forgetOldest } from '../agents/forget-oldest.js';
import type { Resource, State } from '../model.js';
import { hasEnded, isScaled, noteNodeLost, resourceOf } from '../resources.js';
import { warnOwner } from './warn-owner.js';
import { isNear, sameWindow } from './window.js';

// Mesos announces the maintenance of an agent in each of its offers, and in an inverse offer to who has something on it. It says
// that it is over, or called off, only by an inverse offer taken back before it was answered, and by offers that no longer
// name it; inverse offers then stay away (docs/maintenance.md, "Completing maintenance").

/** The maintenance of one agent, as this leader heard of it last. */
export interface AnnouncedMaintenance {
  readonly window: Maintenance;
  /** The last one that announced it; undefined: only offers did, or a leader before this one was told. */
  inverseOfferId: string | undefined;
  /** What was answered last. */
  answer: 'ACCEPT' | 'DECLINE' | undefined;
  /** The scaled nodes that were there when it came near are being replaced. */
  nodesLeave: boolean;
}

/** Above the largest clusters that Mesos is known to run. */
const AGENTS_KEPT = 100_000;

/** After so many inverse offers that were due and did not come, there is no maintenance any more. */
const MISSED = 3;

/** The resources with a task on the agent that counts. */
export const resourcesOn = (state: State, agentId: string): Resource[] =>
  (state.tasksByAgent.get(agentId) ?? []).flatMap((task) => resourceOf(state, task) ?? []);

/** The agent is to be maintained: owners of what is ALLOCATED there are told, once for each window, and scaled nodes leave when it is near. */
export const announce = (context: Context, agentId: string, window: Maintenance, inverseOfferId?: string): AnnouncedMaintenance => {
  const { state } = context;
  const { maintenance } = state.leader;
  const before = maintenance.get(agentId);
  const isKnown = before !== undefined && sameWindow(before.window, window);
  const announced = isKnown ? before : { window, inverseOfferId, answer: undefined, nodesLeave: false };
  if (inverseOfferId !== undefined) {
    announced.inverseOfferId = inverseOfferId;
    expectRenewal(context, agentId);
  }
  if (!isKnown) {
    maintenance.set(agentId, announced);
    forgetOldest(maintenance, AGENTS_KEPT);
    for (const resource of resourcesOn(state, agentId)) warnOwner(context, resource);
  }
  moveNodes(context, agentId, announced);
  return announced;
};

const expectRenewal = (context: Context, agentId: string): void => {
  const { timers, settings } = context.state;
  timers.set(`maintenance:${agentId}`, after(context, MISSED * settings.inverseOfferRefusalSecs));
};

/** Once for each window, when it is near: a node that is placed here nevertheless has found no room elsewhere, and stays. */
const moveNodes = (context: Context, agentId: string, announced: AnnouncedMaintenance): void => {
  const { state, now } = context;
  const { window } = announced;
  if (announced.nodesLeave || !isNear(window, now, state.settings.maintenanceHorizonSecs)) return;
  announced.nodesLeave = true;
  for (const node of resourcesOn(state, agentId)) {
    if (!isScaled(node) || node.state === 'STOPPING') continue;
    node.maintenance = { window, calledOff: false };
    touch(context, 'resource', node.id);
    noteNodeLost(context);
  }
};

/** The maintenance is over, called off, or takes place at another time that is announced next. */
export const callOff = (context: Context, agentId: string): void => {
  const { state } = context;
  if (!state.leader.maintenance.delete(agentId)) return;
  state.timers.cancel(`maintenance:${agentId}`);
  log(context, 'info', 'the maintenance of an agent is no longer announced', { agent: agentId });
  for (const resource of resourcesOn(state, agentId)) {
    if (resource.maintenance === undefined || resource.maintenance.calledOff) continue;
    resource.maintenance = { ...resource.maintenance, calledOff: true };
    touch(context, 'resource', resource.id);
    if (isScaled(resource)) noteNodeLost(context);
  }
};

/** Inverse offers that were due did not come; without a subscription none can. */
export const onMaintenanceNotRenewed = (context: Context, agentId: string): void => {
  if (context.state.leader.connected) callOff(context, agentId);
  else expectRenewal(context, agentId);
};

/** What a leader before this one told owners holds until something else is heard. */
export const recallMaintenance = (context: Context): void => {
  const { state } = context;
  for (const resource of state.resources.values()) {
    const { maintenance: told, placement } = resource;
    if (told === undefined || told.calledOff || placement === undefined || hasEnded(resource)) continue;
    const nodesLeave = isScaled(resource) || (state.leader.maintenance.get(placement.agentId)?.nodesLeave ?? false);
    state.leader.maintenance.set(placement.agentId, { window: told.window, inverseOfferId: undefined, answer: undefined, nodesLeave });
    expectRenewal(context, placement.agentId);
  }
};
