import type { Quantities } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { touch } from '../context.js';
import type { Request, Resource, State } from '../model.js';
import { newRequest } from '../requests/new-request.js';
import { createResource, hasEnded, SCALING } from '../resources.js';
import { plainRequirements } from '../requirements.js';
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
  return {
    num_of_node: config.num_of_node,
    general_config: {
      cpu_of_node: config.general_config?.cpu_of_node ?? before?.cpu_of_node ?? nodeQuantities.cpus,
      mem_of_node: config.general_config?.mem_of_node ?? before?.mem_of_node ?? nodeQuantities.mem,
    },
  };
};

const nodeQuantities = (state: State): Quantities => ({
  cpus: state.scaling?.general_config?.cpu_of_node ?? state.settings.nodeQuantities.cpus,
  mem: state.scaling?.general_config?.mem_of_node ?? state.settings.nodeQuantities.mem,
});

/**
 * Puts a checked config in force. Another size applies to nodes that wait for an offer or are made later; nodes that
 * run keep the size that they have.
 */
export const putScalingConfig = (context: Context, config: ScalingConfig, traceId: string): void => {
  const { state } = context;
  state.scaling = complete(config, state);
  touch(context, 'config', SCALING);
  if (!state.requests.has(SCALING)) {
    state.requests.set(SCALING, newScalingRequest(state.settings, context.now, traceId));
    touch(context, 'request', SCALING);
  }
  resizeWaitingNodes(context);
  scaleNodes(context);
};

const resizeWaitingNodes = (context: Context): void => {
  const request = context.state.requests.get(SCALING);
  const wanted = nodeQuantities(context.state);
  for (const node of request?.waiting ?? []) {
    if (node.requested.cpus === wanted.cpus && node.requested.mem === wanted.mem) continue;
    node.requested = wanted;
    touch(context, 'resource', node.id);
    context.state.leader.demand.newWaiting = true;
  }
};

/** Makes as many nodes as are missing, or stops as many as there are too many. */
export const scaleNodes = (context: Context): void => {
  const { state } = context;
  const request = state.requests.get(SCALING);
  if (request === undefined || state.scaling === undefined) return;
  const nodes = [...request.resources].filter((node) => !hasEnded(node) && node.state !== 'STOPPING');
  for (let missing = state.scaling.num_of_node - nodes.length; missing > 0; missing -= 1) addNode(context, request);
  const surplus = nodes.length - state.scaling.num_of_node;
  if (surplus <= 0) return;
  for (const node of nodes.sort(dispensableFirst).slice(0, surplus)) stopResource(context, node, 'REQUEST_RELEASED');
};

const addNode = (context: Context, request: Request): void => {
  const node = createResource(context, request, nodeQuantities(context.state));
  if (request.backoff.until <= context.now) return;
  node.notBefore = request.backoff.until;
  context.state.timers.set(`backoff:${request.key}`, node.notBefore);
};

const progress = (node: Resource): number => (node.state === 'NEW' ? 0 : node.requestState === 'REQUEST_ALLOCATED' ? 2 : 1);

/** The least ready first, of those the youngest. */
const dispensableFirst = (a: Resource, b: Resource): number => progress(a) - progress(b) || b.number - a.number;
