// What a maintenance schedule and a list of machines may look like (master/maintenance.cpp, namespace validation): Mesos's texts.
import { isIPv4 } from './ipv4.js';
import { formatMachine, machineKey } from './machines.js';
import type { MasterState } from '../master-state.js';
import type { MachineId, MaintenanceSchedule } from './records.js';

const machineError = ({ hostname = '', ip = '' }: MachineId): string | undefined => {
  if (hostname === '' && ip === '') return `Both 'hostname' and 'ip' for a machine are empty`;
  return ip === '' || isIPv4(ip) ? undefined : `Failed to parse IPv4: ${ip}`;
};

/** `seen`: keys of the machines before; gets this one's. */
const nextMachineError = (machine: MachineId, seen: Set<string>): string | undefined => {
  const error = machineError(machine);
  if (error !== undefined) return error;
  const key = machineKey(machine);
  if (seen.has(key)) return `Machine '${formatMachine(machine)}' appears more than once in the schedule`;
  seen.add(key);
  return undefined;
};

/** Why the schedule is refused; undefined when it is taken. */
export function scheduleError(master: MasterState, { windows = [] }: MaintenanceSchedule): string | undefined {
  const seen = new Set<string>();
  for (const { machine_ids: machines = [], unavailability } of windows) {
    if (machines.length === 0) return 'List of machines in the maintenance window is empty';
    if ((unavailability.duration?.nanoseconds ?? 0) < 0) return `Unavailability 'duration' is negative`;
    for (const machine of machines) {
      const error = nextMachineError(machine, seen);
      if (error !== undefined) return error;
    }
  }
  for (const [key, { id, mode }] of master.machines)
    if (mode === 'DOWN' && !seen.has(key)) return `Machine '${formatMachine(id)}' is deactivated and cannot be removed from the schedule`;
  return undefined;
}

/** Why these machines can't be brought down or up at all, whatever their mode. */
export function machinesError(machines: readonly MachineId[]): string | undefined {
  if (machines.length === 0) return 'List of machines is empty';
  const seen = new Set<string>();
  for (const machine of machines) {
    const error = nextMachineError(machine, seen);
    if (error !== undefined) return error;
  }
  return undefined;
}
