import { toMilli } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import { noteWaiting } from '../demand/note-waiting.js';
import type { Request, Resource, State } from '../model.js';
import { newRequest } from '../requests/new-request.js';
import { createResource, hasEnded, SCALING } from '../resources.js';
import { plainRequirements } from '../requirements.js';
import { planNodes } from './node-plan.js';
import type { ScalingConfig } from './scaling-config.js';
import type { Settings } from '../settings.js';
import { stopResource } from '../stopping/stopping.js';

/** The scaled nodes together are one request that is never settled and never ends. */
export const newScalingRequest = (settings: Settings, createdAt: number, traceId: string): Request =>
  newRequest({
    key: SCALING,
    owner: SCALING,
    allocate: undefined,
    workload: { command: settings.nodeCommand },
    requirements: plainRequirements(settings.roles[0] ?? '*'),
    taskPrefix: settings.nodeTaskPrefix,
    createdAt,
    traceId,
  });

/** The config with nothing left out: what it doesn't say stays as it was. */
const complete = (config: ScalingConfig, state: State): ScalingConfig => {
  const before = state.scaling?.general_config;
  const { nodeQuantities } = state.settings;
  const licences = config.licences ?? state.scaling?.licences;
  return {
    num_of_node: config.num_of_node,
    general_config: {
      cpu_of_node: config.general_config?.cpu_of_node ?? before?.cpu_of_node ?? nodeQuantities.cpus,
      mem_of_node: config.general_config?.mem_of_node ?? before?.mem_of_node ?? nodeQuantities.mem,
    },
    ...(licences === undefined ? {} : { licences }),
  };
};

/** What a node gets that is made now. */
export const nodeQuantities = (state: State): Quantities => ({
  cpus: state.scaling?.general_config?.cpu_of_node ?? state.settings.nodeQuantities.cpus,
  mem: state.scaling?.general_config?.mem_of_node ?? state.settings.nodeQuantities.mem,
});

/**
 * Puts a checked config in force. Another size applies at once to nodes that wait for an offer, and rolls through those that
 * run. Fewer licences than are leased end no task: none is leased until enough came back.
 */
export const putScalingConfig = (context: Context, config: ScalingConfig, traceId: string): void => {
  const { state } = context;
  state.scaling = complete(config, state);
  touch(context, 'config', SCALING);
  scalingRequest(context, traceId);
  state.leader.demand.licencesReturned = true;
  scaleNodes(context);
};

/** The request of the scaled nodes, made when it is needed first. */
export const scalingRequest = (context: Context, traceId: string): Request => {
  const { state } = context;
  const known = state.requests.get(SCALING);
  if (known !== undefined) return known;
  const request = newScalingRequest(state.settings, context.now, traceId);
  state.requests.set(SCALING, request);
  touch(context, 'request', SCALING);
  return request;
};

/** So many nodes run that no record knew: they count for the config in force, or make one for as many. */
export const adoptNodes = (context: Context, count: number, traceId: string): void => {
  if (context.state.scaling === undefined) putScalingConfig(context, { num_of_node: count }, traceId);
  else scaleNodes(context);
};

/** Nodes that wait for an offer get the size that is wanted now, also those that had another one and died early. */
const resizeWaitingNodes = (context: Context, request: Request): void => {
  const wanted = nodeQuantities(context.state);
  for (const node of request.waiting) {
    if (isOfSize(node, wanted)) continue;
    node.requested = wanted;
    touch(context, 'resource', node.id);
    noteWaiting(context.state, request);
  }
};

/** It need not be replaced: it has the size that is wanted, and its agent is not about to be maintained. */
const isCurrent = (node: Resource, wanted: Quantities): boolean => isOfSize(node, wanted) && node.maintenance?.calledOff !== false;

/** As Mesos counts, in thousandths: 0.1 + 0.2 is 0.3. */
const isOfSize = ({ requested }: Resource, wanted: Quantities): boolean =>
  toMilli(requested.cpus) === toMilli(wanted.cpus) && toMilli(requested.mem) === toMilli(wanted.mem);

/** Makes the nodes that are missing and stops those that are too many; called when that may have changed. */
export const scaleNodes = (context: Context): void => {
  const { state } = context;
  const request = state.requests.get(SCALING);
  if (request === undefined || state.scaling === undefined) return;
  resizeWaitingNodes(context, request);
  const wanted = nodeQuantities(state);
  const living = [...request.resources].filter((node) => !hasEnded(node));
  const plan = planNodes(living, {
    count: state.scaling.num_of_node,
    rollAtATime: state.settings.rollAtATime,
    isCurrent: (node) => isCurrent(node, wanted),
  });
  for (let missing = plan.create; missing > 0; missing -= 1) addNode(context, request);
  for (const node of plan.stop) stopResource(context, node, 'REQUEST_RELEASED');
  watchRoll(context);
};

const addNode = (context: Context, request: Request): void => {
  const node = createResource(context, request, nodeQuantities(context.state));
  if (request.backoff.until <= context.now) return;
  node.notBefore = request.backoff.until;
  context.state.timers.set(`backoff:${node.id}`, node.notBefore);
};

/** How far a change of the nodes' size has come. */
export interface Roll {
  /** Nodes that still have another size. */
  readonly outdated: number;
  /** Nodes of the new size that wait for an offer. */
  readonly waiting: number;
}

/** undefined: every node has the size of the scaling config, or is stopping. */
export const rollOf = (state: State): Roll | undefined => {
  const request = state.requests.get(SCALING);
  if (request === undefined) return undefined;
  const wanted = nodeQuantities(state);
  let outdated = 0;
  for (const node of request.resources) if (!hasEnded(node) && node.state !== 'STOPPING' && !isOfSize(node, wanted)) outdated += 1;
  return outdated === 0 ? undefined : { outdated, waiting: request.waiting.size };
};

/** Nodes are to be replaced, because of their size or of their agents. */
const isReplacing = (state: State): boolean => {
  const wanted = nodeQuantities(state);
  for (const node of state.requests.get(SCALING)?.resources ?? [])
    if (!hasEnded(node) && node.state !== 'STOPPING' && !isCurrent(node, wanted)) return true;
  return false;
};

const watchRoll = (context: Context): void => {
  const { state } = context;
  if (!isReplacing(state)) state.timers.cancel('roll');
  else if (!state.timers.has('roll')) state.timers.set('roll', after(context, state.settings.rollWatchSecs));
};

/** A new node that finds no offer holds up those that are to go, which run on meanwhile. */
export const onRollWatched = (context: Context): void => {
  const { state } = context;
  const waiting = state.requests.get(SCALING)?.waiting.size ?? 0;
  if (isReplacing(state) && waiting > 0) {
    const { cpus, mem } = nodeQuantities(state);
    log(context, 'warn', 'nodes wait to be replaced: no offer has room for a new one', { waiting, cpus, mem });
  }
  watchRoll(context);
};
