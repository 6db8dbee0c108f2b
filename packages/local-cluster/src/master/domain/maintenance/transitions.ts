// Machines that go down and come up again (master/http.cpp, _startMaintenance and _stopMaintenance).
import { removeAgent } from '../agents/remove.js';
import type { MasterState } from '../master-state.js';
import { sendToProcess, type Turn } from '../turn.js';
import type { MachineId, MachineRecord } from './records.js';
import { agentsOn, formatMachine, machineKey } from './machines.js';
import { saveMaintenance } from './schedule.js';
import { machinesError } from './validation.js';

const CAUSE = `Operator initiated 'Machine DOWN'`;

const modeError = (
  master: MasterState,
  machines: readonly MachineId[],
  required: MachineRecord['mode'],
  direction: 'up' | 'down',
): string | undefined => {
  for (const id of machines) {
    const machine = master.machines.get(machineKey(id));
    if (machine === undefined) return `Machine '${formatMachine(id)}' is not part of a maintenance schedule`;
    if (machine.mode !== required) return `Machine '${formatMachine(id)}' is not in ${required} mode and cannot be brought ${direction}`;
  }
  return undefined;
};

const known = (master: MasterState, machines: readonly MachineId[]): MachineRecord[] =>
  machines.map((id) => master.machines.get(machineKey(id))).filter((machine) => machine !== undefined);

/** Brings draining machines down: their agents are removed at once. @returns why not (HTTP 400) */
export function startMaintenance(master: MasterState, machines: readonly MachineId[], turn: Turn): string | undefined {
  const error = machinesError(machines) ?? modeError(master, machines, 'DRAINING', 'down');
  if (error !== undefined) return error;
  for (const machine of known(master, machines)) {
    for (const agent of agentsOn(master, machine)) {
      sendToProcess(agent.pid, { type: 'shutdown', message: CAUSE }, turn);
      removeAgent(master, agent, CAUSE, turn);
    }
    machine.mode = 'DOWN';
  }
  saveMaintenance(master, turn);
  return undefined;
}

/** Machines that were down are up, and no longer scheduled. @returns why not (HTTP 400) */
export function stopMaintenance(master: MasterState, machines: readonly MachineId[], turn: Turn): string | undefined {
  const error = machinesError(machines) ?? modeError(master, machines, 'DOWN', 'up');
  if (error !== undefined) return error;
  for (const machine of known(master, machines)) {
    machine.mode = 'UP';
    machine.unavailability = undefined;
  }
  const keys = new Set(machines.map(machineKey));
  const windows = (master.maintenanceSchedule.windows ?? [])
    .map(({ machine_ids = [], unavailability }) => ({ machine_ids: machine_ids.filter((id) => !keys.has(machineKey(id))), unavailability }))
    .filter(({ machine_ids }) => machine_ids.length > 0);
  master.maintenanceSchedule = windows.length === 0 ? {} : { windows };
  saveMaintenance(master, turn);
  return undefined;
}
