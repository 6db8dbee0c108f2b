// GET /roles and GET_ROLES (src/master/readonly_handler.cpp; master.cpp: knownRoles, RoleResourceBreakdown).
import type { Response } from '../../generated/master-protocol.js';
import type { MasterState } from '../domain/master-state.js';
import { byReservationRole, reservedToRoleSubtree } from '../../resources/reservations.js';
import type { Resources } from '../../resources/resources.js';
import { isStrictSubroleOf } from '../../resources/roles.js';
import { offeredBy, usedBy } from './holdings.js';
import { quantitiesMilli, quantitiesView, type Holding, type View } from './resources-view.js';

type Amounts = ReadonlyMap<string, number>;

const isWithin = (role: string, subtree: string): boolean => role === subtree || isStrictSubroleOf(role, subtree);

const sum = (parts: Iterable<Amounts>): Map<string, number> => {
  const total = new Map<string, number>();
  for (const part of parts) for (const [name, milli] of part) total.set(name, (total.get(name) ?? 0) + milli);
  return total;
};

const difference = (from: Amounts, taken: Amounts): Map<string, number> =>
  new Map([...from].map(([name, milli]) => [name, Math.max(0, milli - (taken.get(name) ?? 0))]));

interface Breakdown {
  readonly name: string;
  readonly allocated: Amounts;
  readonly offered: Amounts;
  readonly reserved: Amounts;
  readonly consumed: Amounts;
  /** Ids of those subscribed to the role or holding something of it. */
  readonly frameworks: readonly string[];
}

const heldIn = (role: string, holdings: readonly Holding[]): Amounts =>
  sum(holdings.filter((holding) => isWithin(holding.role, role)).map(({ resources }) => quantitiesMilli(resources)));

const reservedIn = (role: string, resources: Resources): Amounts => quantitiesMilli(reservedToRoleSubtree(resources, role));

const breakdown = (master: MasterState, name: string): Breakdown => {
  const frameworks = [...master.frameworks.values()];
  const agents = [...master.agents.values()];
  const allocated = sum(frameworks.map((framework) => heldIn(name, usedBy(framework))));
  const unused = agents.map((agent) =>
    difference(reservedIn(name, agent.total), sum(usedBy(agent).map(({ resources }) => reservedIn(name, resources)))),
  );
  return {
    name,
    allocated,
    offered: sum(frameworks.map((framework) => heldIn(name, offeredBy(framework)))),
    reserved: sum(agents.map((agent) => reservedIn(name, agent.total))),
    consumed: sum([allocated, ...unused]),
    frameworks: frameworks
      .filter((framework) => framework.roles.includes(name) || usedBy(framework).some(({ role }) => role === name))
      .map(({ id }) => id),
  };
};

/** Roles that frameworks or reservations name, and those above them, in order. */
const knownRoles = (master: MasterState): string[] => {
  const roles = new Set<string>();
  const insert = (role: string): void => {
    const parts = role.split('/');
    for (let length = 1; length <= parts.length; length += 1) roles.add(parts.slice(0, length).join('/'));
  };
  for (const framework of master.frameworks.values()) [...framework.roles, ...usedBy(framework).map(({ role }) => role)].forEach(insert);
  for (const agent of master.agents.values()) [...byReservationRole(agent.total).keys()].forEach(insert);
  return [...roles].sort();
};

export const rolesView = (master: MasterState): View => ({
  roles: knownRoles(master).map((role) => {
    const { name, allocated, offered, reserved, consumed, frameworks } = breakdown(master, role);
    return {
      name,
      weight: 1,
      quota: { role: name, guarantee: {}, limit: {}, consumed: quantitiesView(consumed) },
      resources: quantitiesView(sum([allocated, offered])),
      allocated: quantitiesView(allocated),
      offered: quantitiesView(offered),
      reserved: quantitiesView(reserved),
      frameworks,
    };
  }),
});

const WELL_KNOWN = new Set(['cpus', 'mem', 'disk', 'gpus']);

export const getRoles = (master: MasterState): Response.GetRoles => ({
  roles: knownRoles(master).map((role) => {
    const { name, allocated, offered, frameworks } = breakdown(master, role);
    const held = Object.entries(quantitiesView(sum([allocated, offered]))).filter(([resource]) => WELL_KNOWN.has(resource));
    return {
      name,
      weight: 1,
      frameworks: frameworks.map((value) => ({ value })),
      resources: held.map(([resource, value]) => ({ name: resource, type: 'SCALAR' as const, scalar: { value } })),
    };
  }),
});
