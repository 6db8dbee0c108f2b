// Dominant resource fairness over a tree of names: `a/b` is below `a`, and each level is sorted by itself
// (allocator/mesos/sorter/drf/sorter.cpp). All weights are 1.
import type { Resources } from '../../../resources/resources.js';

export interface SorterNode {
  readonly path: string;
  readonly parent: SorterNode | undefined;
  readonly children: Map<string, SorterNode>;
  /** Its children, the least served first; undefined: to be sorted again. */
  sorted: SorterNode[] | undefined;
  /** The client whose own leaf this is. */
  readonly client: string | undefined;
  active: boolean;
  /** Thousandths of each scalar that it and those below it hold. */
  readonly milli: Map<string, number>;
  /** How often it was given something; this equalises those with the same share. */
  count: number;
  share: number;
}

/** What all agents have together, in thousandths; `version` changes with it. */
export interface Totals {
  readonly milli: Map<string, number>;
  version: number;
}

export interface Sorter {
  readonly root: SorterNode;
  readonly leaves: Map<string, SorterNode>;
  /** The totals for which the shares were calculated. */
  version: number;
  /** The clients in order; undefined: to be made again. */
  order: readonly string[] | undefined;
}

/** The label of a client's own leaf, beside those that are below the client (sorter.hpp, Node::clientPath). */
const OWN = '.';

const newNode = (path: string, parent: SorterNode | undefined, client?: string): SorterNode => ({
  path,
  parent,
  children: new Map(),
  sorted: undefined,
  client,
  active: false,
  milli: new Map(),
  count: 0,
  share: 0,
});

export const newSorter = (): Sorter => ({ root: newNode('', undefined), leaves: new Map(), version: 0, order: undefined });

const childOf = (node: SorterNode, name: string, client?: string): SorterNode => {
  const present = node.children.get(name);
  if (present !== undefined) return present;
  const child = newNode(node.path === '' ? name : `${node.path}/${name}`, node, client);
  node.children.set(name, child);
  node.sorted = undefined;
  return child;
};

/** Adds the client, inactive, unless it is there. */
export function addClient(sorter: Sorter, client: string): void {
  if (sorter.leaves.has(client)) return;
  const node = client.split('/').reduce((parent, name) => childOf(parent, name), sorter.root);
  sorter.leaves.set(client, childOf(node, OWN, client));
  sorter.order = undefined;
}

const nodesUp = function* (leaf: SorterNode): Generator<SorterNode> {
  for (let node: SorterNode | undefined = leaf; node !== undefined; node = node.parent) yield node;
};

/** Forgets the client with all that it holds. */
export function removeClient(sorter: Sorter, client: string): void {
  const leaf = sorter.leaves.get(client);
  if (leaf === undefined) return;
  const held = [...leaf.milli];
  for (const node of nodesUp(leaf)) {
    for (const [name, milli] of held) node.milli.set(name, (node.milli.get(name) ?? 0) - milli);
    node.sorted = undefined;
    if (node.parent === undefined || (node !== leaf && node.children.size > 0)) continue;
    node.parent.children.delete(node.path.slice(node.path.lastIndexOf('/') + 1));
  }
  sorter.leaves.delete(client);
  sorter.order = undefined;
  // The shares above the leaf are no longer what was calculated.
  sorter.version = -1;
}

export function setActive(sorter: Sorter, client: string, active: boolean): void {
  const leaf = sorter.leaves.get(client);
  if (leaf === undefined || leaf.active === active) return;
  leaf.active = active;
  sorter.order = undefined;
}

const shareOf = (node: SorterNode, totals: Totals): number => {
  let share = 0;
  for (const [name, milli] of node.milli) {
    const total = totals.milli.get(name) ?? 0;
    if (total > 0) share = Math.max(share, milli / total);
  }
  return share;
};

const change = (sorter: Sorter, client: string, resources: Resources, sign: 1 | -1, totals: Totals): void => {
  const leaf = sorter.leaves.get(client);
  if (leaf === undefined) return;
  for (const node of nodesUp(leaf)) {
    for (const quantity of resources)
      if (quantity.type === 'SCALAR') node.milli.set(quantity.name, (node.milli.get(quantity.name) ?? 0) + sign * quantity.milli);
    if (sign > 0) node.count += 1;
    node.share = shareOf(node, totals);
    node.sorted = undefined;
  }
  sorter.order = undefined;
};

export const allocated = (sorter: Sorter, client: string, resources: Resources, totals: Totals): void =>
  change(sorter, client, resources, 1, totals);

export const unallocated = (sorter: Sorter, client: string, resources: Resources, totals: Totals): void =>
  change(sorter, client, resources, -1, totals);

const byShare = (left: SorterNode, right: SorterNode): number =>
  left.share - right.share || left.count - right.count || (left.path < right.path ? -1 : 1);

const calculateAll = (node: SorterNode, totals: Totals): void => {
  node.share = shareOf(node, totals);
  node.sorted = undefined;
  for (const child of node.children.values()) calculateAll(child, totals);
};

const list = (node: SorterNode, order: string[]): void => {
  node.sorted ??= [...node.children.values()].sort(byShare);
  for (const child of node.sorted)
    if (child.client === undefined) list(child, order);
    else if (child.active) order.push(child.client);
};

/** The active clients, the least served first. */
export function inOrder(sorter: Sorter, totals: Totals): readonly string[] {
  if (sorter.version !== totals.version) {
    calculateAll(sorter.root, totals);
    sorter.version = totals.version;
    sorter.order = undefined;
  }
  if (sorter.order === undefined) {
    const order: string[] = [];
    list(sorter.root, order);
    sorter.order = order;
  }
  return sorter.order;
}

export const holdsNothing = (sorter: Sorter, client: string): boolean =>
  [...(sorter.leaves.get(client)?.milli.values() ?? [])].every((milli) => milli === 0);
