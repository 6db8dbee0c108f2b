// How far maintenance is: what frameworks answered on draining machines, and which machines are down
// (master/http.cpp, _getMaintenanceStatus).
import type { MasterState } from '../master-state.js';
import type { InverseOfferStatus, MachineId, MachineRecord } from './records.js';

/** maintenance.proto, ClusterStatus; empty lists are left out. */
export interface ClusterStatus {
  readonly draining_machines?: readonly { readonly id: MachineId; readonly statuses?: readonly InverseOfferStatus[] }[];
  readonly down_machines?: readonly MachineId[];
}

const statusesOn = (master: MasterState, machine: MachineRecord): InverseOfferStatus[] =>
  [...machine.agents].flatMap((agentId) => [...(master.maintenanceAnswers.get(agentId)?.statuses.values() ?? [])]);

export function maintenanceStatus(master: MasterState): ClusterStatus {
  const machines = [...master.machines.values()];
  const draining = machines
    .filter(({ mode }) => mode === 'DRAINING')
    .map((machine) => {
      const statuses = statusesOn(master, machine);
      return { id: machine.id, ...(statuses.length === 0 ? {} : { statuses }) };
    });
  const down = machines.filter(({ mode }) => mode === 'DOWN').map(({ id }) => id);
  return {
    ...(draining.length === 0 ? {} : { draining_machines: draining }),
    ...(down.length === 0 ? {} : { down_machines: down }),
  };
}
