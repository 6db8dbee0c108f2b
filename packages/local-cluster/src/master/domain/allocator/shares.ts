// Dominant resource fairness: who holds how much, and who is next (allocator/mesos/sorter/drf/sorter.cpp).
// Roles are compared by their whole name; Mesos sorts each level of a hierarchy by itself.
import type { FrameworkRecord, MasterState, Share } from '../master-state.js';
import { scalarMilli, type Resources } from '../../../resources/resources.js';

const shareOf = (shares: Map<string, Share>, key: string): Share => {
  const present = shares.get(key);
  if (present !== undefined) return present;
  const share: Share = { milli: new Map(), count: 0 };
  shares.set(key, share);
  return share;
};

const change = (share: Share, resources: Resources, sign: 1 | -1): void => {
  for (const quantity of resources)
    if (quantity.type === 'SCALAR') share.milli.set(quantity.name, (share.milli.get(quantity.name) ?? 0) + sign * quantity.milli);
};

export function track(master: MasterState, framework: FrameworkRecord, role: string, resources: Resources): void {
  for (const share of [shareOf(framework.shares, role), shareOf(master.roleShares, role)]) {
    change(share, resources, 1);
    share.count += 1;
  }
}

export function untrack(master: MasterState, framework: FrameworkRecord, role: string, resources: Resources): void {
  change(shareOf(framework.shares, role), resources, -1);
  change(shareOf(master.roleShares, role), resources, -1);
}

/** Thousandths of each scalar that all agents have together. */
export function totals(master: MasterState): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { info } of master.agents.values())
    for (const { name, type } of info.resources)
      if (type === 'SCALAR') sum.set(name, (sum.get(name) ?? 0) + scalarMilli(info.resources, name));
  return sum;
}

const dominant = (share: Share | undefined, total: Map<string, number>): number => {
  let result = 0;
  for (const [name, milli] of share?.milli ?? []) {
    const all = total.get(name) ?? 0;
    if (all > 0) result = Math.max(result, milli / all);
  }
  return result;
};

const inFairOrder = <T>(
  candidates: T[],
  shareFor: (one: T) => Share | undefined,
  nameOf: (one: T) => string,
  total: Map<string, number>,
): T[] => {
  if (candidates.length < 2) return candidates;
  return candidates
    .map((one) => ({ one, share: dominant(shareFor(one), total), count: shareFor(one)?.count ?? 0, name: nameOf(one) }))
    .sort((left, right) => left.share - right.share || left.count - right.count || (left.name < right.name ? -1 : 1))
    .map(({ one }) => one);
};

const isWanting = (framework: FrameworkRecord, role: string): boolean =>
  framework.state === 'active' && framework.roles.includes(role) && !framework.suppressedRoles.has(role);

/** The roles with a framework that takes offers, the least served first. */
export function rolesInOrder(master: MasterState, total: Map<string, number>): string[] {
  const wanting = new Set<string>();
  for (const framework of master.frameworks.values())
    if (framework.state === 'active') for (const role of framework.roles) if (!framework.suppressedRoles.has(role)) wanting.add(role);
  return inFairOrder(
    [...wanting],
    (role) => master.roleShares.get(role),
    (role) => role,
    total,
  );
}

/** The frameworks of a role that take offers, the least served first. */
export function frameworksInOrder(master: MasterState, role: string, total: Map<string, number>): FrameworkRecord[] {
  return inFairOrder(
    [...master.frameworks.values()].filter((framework) => isWanting(framework, role)),
    (framework) => framework.shares.get(role),
    (framework) => framework.id,
    total,
  );
}
