// What outlives a leading master (src/master/registry.proto) and what the next one takes from it (master.cpp, Master::_recover).
import type { MasterState } from './master-state.js';
import type { RegistryChange } from './turn.js';
import type { DrainRecord, MachineRecord, MaintenanceSchedule } from './maintenance/records.js';

export interface Registry {
  readonly admitted: Set<string>;
  /** agent → since when, in ns of the epoch */
  readonly unreachable: Map<string, number>;
  readonly gone: Map<string, number>;
  readonly deactivated: Set<string>;
  readonly draining: Map<string, DrainRecord>;
  schedule: MaintenanceSchedule;
  /** By `machineKey`; those that are not UP. */
  machines: ReadonlyMap<string, MachineRecord>;
}

export const emptyRegistry = (): Registry => ({
  admitted: new Set(),
  unreachable: new Map(),
  gone: new Map(),
  deactivated: new Set(),
  draining: new Map(),
  schedule: {},
  machines: new Map(),
});

const forget = (registry: Registry, agentId: string): void => {
  for (const agents of [registry.admitted, registry.unreachable, registry.deactivated, registry.draining]) agents.delete(agentId);
};

export function applyRegistryChange(registry: Registry, change: RegistryChange): void {
  switch (change.type) {
    case 'admit':
      registry.admitted.add(change.agentId);
      return;
    case 'unreachable':
      registry.admitted.delete(change.agentId);
      registry.unreachable.set(change.agentId, change.sinceNs);
      return;
    case 'reachable':
      registry.unreachable.delete(change.agentId);
      registry.admitted.add(change.agentId);
      return;
    case 'remove':
      return forget(registry, change.agentId);
    case 'gone':
      forget(registry, change.agentId);
      registry.gone.set(change.agentId, change.sinceNs);
      return;
    case 'deactivate':
      registry.deactivated.add(change.agentId);
      return;
    case 'drain':
      registry.draining.set(change.agentId, { ...change.drain });
      registry.deactivated.add(change.agentId);
      return;
    case 'drained': {
      const drain = registry.draining.get(change.agentId);
      if (drain !== undefined) drain.state = 'DRAINED';
      return;
    }
    case 'reactivate':
      registry.deactivated.delete(change.agentId);
      registry.draining.delete(change.agentId);
      return;
    case 'maintenance':
      registry.schedule = change.schedule;
      registry.machines = new Map(change.machines.map(([key, machine]) => [key, withoutAgents(machine)]));
      return;
  }
}

const withoutAgents = (machine: MachineRecord): MachineRecord => ({ ...machine, agents: new Set() });

/** A master that was elected begins with this. */
export function recoverFromRegistry(master: MasterState, registry: Registry, now: number): void {
  for (const agentId of registry.admitted) master.recoveredAgents.add(agentId);
  for (const [agentId, since] of registry.unreachable) master.unreachableAgents.set(agentId, since);
  for (const [agentId, since] of registry.gone) master.goneAgents.set(agentId, since);
  for (const agentId of registry.deactivated) master.deactivatedAgents.add(agentId);
  for (const [agentId, drain] of registry.draining) master.drainingAgents.set(agentId, { ...drain });
  master.maintenanceSchedule = registry.schedule;
  for (const [key, machine] of registry.machines) master.machines.set(key, withoutAgents(machine));
  master.recoveryDeadline = now + master.settings.agentReregisterTimeoutMs;
}
