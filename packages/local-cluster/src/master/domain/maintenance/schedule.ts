// The maintenance schedule: which machines are to be down, and when (master/http.cpp, _updateMaintenanceSchedule).
import { changeRegistry } from '../turn.js';
import type { MasterState } from '../master-state.js';
import type { Turn } from '../turn.js';
import type { MachineId, MachineRecord, MaintenanceSchedule, Unavailability } from './records.js';
import { requestAllocation } from '../allocator/allocator.js';
import { rescindOffersOfAgent } from '../allocator/offers.js';
import { forgetMaintenance, rescindInverseOffers } from './inverse-offers.js';
import { agentsOn, machineKey } from './machines.js';
import { scheduleError } from './validation.js';

/** To the registry, which outlives this master. */
export const saveMaintenance = (master: MasterState, turn: Turn): void => {
  const machines = [...master.machines]
    .filter(([, { mode }]) => mode !== 'UP')
    .map(([key, machine]) => [key, { ...machine, agents: new Set<string>() }] as const);
  changeRegistry({ type: 'maintenance', schedule: master.maintenanceSchedule, machines }, turn);
};

/** Frameworks are told anew of what its agents have, whether anything changed or not (Master::updateUnavailability). */
const updateUnavailability = (
  master: MasterState,
  machine: MachineRecord,
  unavailability: Unavailability | undefined,
  turn: Turn,
): void => {
  machine.unavailability = unavailability;
  for (const agent of agentsOn(master, machine)) {
    rescindOffersOfAgent(master, agent, turn);
    rescindInverseOffers(master, agent, turn);
    forgetMaintenance(master, agent.id);
    requestAllocation(master, [agent]);
  }
};

const plannedMachines = ({ windows = [] }: MaintenanceSchedule): Map<string, { id: MachineId; unavailability: Unavailability }> =>
  new Map(windows.flatMap(({ machine_ids = [], unavailability }) => machine_ids.map((id) => [machineKey(id), { id, unavailability }])));

/** Takes the place of the schedule that there was. @returns why it is refused (HTTP 400); undefined when it is taken */
export function updateSchedule(master: MasterState, schedule: MaintenanceSchedule, turn: Turn): string | undefined {
  const error = scheduleError(master, schedule);
  if (error !== undefined) return error;
  const scheduled = plannedMachines(schedule);
  // The one that came to be known last comes first, as it mostly does in Mesos's hashmap.
  for (const [key, machine] of [...master.machines].reverse()) {
    const planned = scheduled.get(key);
    if (planned === undefined) machine.mode = 'UP';
    else if (machine.mode === 'UP') continue;
    updateUnavailability(master, machine, planned?.unavailability, turn);
  }
  for (const [key, { id, unavailability }] of scheduled) {
    const machine = master.machines.get(key) ?? { id, mode: 'UP', unavailability, agents: new Set() };
    if (machine.mode !== 'UP') continue;
    master.machines.set(key, machine);
    machine.mode = 'DRAINING';
    updateUnavailability(master, machine, unavailability, turn);
  }
  master.maintenanceSchedule = schedule;
  saveMaintenance(master, turn);
  return undefined;
}

/** What GET_MAINTENANCE_SCHEDULE and /maintenance/schedule answer; an empty list is left out. */
export const maintenanceSchedule = (master: MasterState): MaintenanceSchedule =>
  (master.maintenanceSchedule.windows ?? []).length === 0 ? {} : master.maintenanceSchedule;
