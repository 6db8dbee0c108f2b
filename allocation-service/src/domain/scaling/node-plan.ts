import type { Resource } from '../model.js';

/** How many nodes there are to be, and how others take the place of those that are to go. */
export interface NodeGoal {
  readonly count: number;
  /** Nodes above `count` while nodes are replaced. */
  readonly rollAtATime: number;
  /** Whether a node has the size that is wanted now, and is not on an agent that is about to be maintained. */
  readonly isCurrent: (node: Resource) => boolean;
}

export interface NodePlan {
  readonly create: number;
  readonly stop: readonly Resource[];
}

/** It serves: losing it is losing a node. */
export const isReadyNode = (node: Resource): boolean =>
  node.state === 'RUNNING' && node.requestState === 'REQUEST_ALLOCATED' && node.task?.phase === 'RUNNING';

/** What follows from the nodes that live alone, so that it goes on after a takeover or the death of a node. */
export const planNodes = (living: readonly Resource[], goal: NodeGoal): NodePlan => {
  const nodes = living.filter((node) => node.state !== 'STOPPING');
  const stop = toStop(nodes, goal);
  const kept = nodes.filter((node) => !stop.has(node));
  return { create: toCreate(kept, living.length - kept.length, goal), stop: [...stop] };
};

/** Who goes first: of the unready ones those of another size, then those that wait for an offer; of the ready ones likewise. */
const rank = (node: Resource, isCurrent: boolean): number => {
  if (isReadyNode(node)) return isCurrent ? 4 : 3;
  if (!isCurrent) return 0;
  return node.state === 'NEW' ? 1 : 2;
};

/** A node of another size goes as soon as enough others are ready; what is too much goes at once, the youngest first. */
const toStop = (nodes: readonly Resource[], { count, rollAtATime, isCurrent }: NodeGoal): Set<Resource> => {
  if (nodes.length <= count && nodes.every(isCurrent)) return new Set();
  const inOrder = nodes
    .map((node) => ({ node, isReady: isReadyNode(node), isCurrent: isCurrent(node), rank: rank(node, isCurrent(node)) }))
    .sort((a, b) => a.rank - b.rank || b.node.number - a.node.number);
  let ready = inOrder.filter(({ isReady }) => isReady).length;
  let outdated = inOrder.filter((each) => !each.isCurrent).length;
  const stop = new Set<Resource>();
  for (const { node, isReady, isCurrent } of inOrder) {
    const readyOthers = ready - (isReady ? 1 : 0);
    if (isCurrent || readyOthers < count) continue;
    stop.add(node);
    ready = readyOthers;
    outdated -= 1;
  }
  for (const { node, isCurrent } of inOrder) {
    if (nodes.length - stop.size <= count + Math.min(rollAtATime, outdated)) break;
    if (stop.has(node)) continue;
    stop.add(node);
    if (!isCurrent) outdated -= 1;
  }
  return stop;
};

/** What is missing, at once; what replaces others only while no more than so many are on their way or about to end. */
const toCreate = (kept: readonly Resource[], stopping: number, { count, rollAtATime, isCurrent }: NodeGoal): number => {
  const outdated = kept.filter((node) => !isCurrent(node)).length;
  const missing = Math.max(0, count - kept.length);
  const surplus = Math.max(0, kept.length - count) + stopping;
  return missing + Math.max(0, Math.min(rollAtATime, outdated) - surplus);
};
