// Which machine an agent is on, and what the maintenance schedule says of it (master.hpp, Machine).
import type { AgentInfo } from '../../../network/messages.js';
import type { AgentRecord, MasterState } from '../master-state.js';
import type { MachineId, MachineRecord, Unavailability } from './records.js';

/** Machines are the same when both fields are, hostnames in any case; a field that is absent is not one that is empty (type_utils.hpp). */
export const machineKey = ({ hostname, ip }: MachineId): string => JSON.stringify([hostname?.toLowerCase() ?? null, ip ?? null]);

/** As Mesos prints one in its refusals. */
export const formatMachine = ({ hostname, ip }: MachineId): string =>
  JSON.stringify({ ...(hostname === undefined ? {} : { hostname }), ...(ip === undefined ? {} : { ip }) });

const machineOf = (master: MasterState, { hostname, ip }: Pick<AgentInfo, 'hostname' | 'ip'>): MachineRecord | undefined =>
  master.machines.get(machineKey({ hostname, ip }));

/** Without a schedule there is nothing to look up, which is asked for each offer. */
export const unavailabilityOf = (master: MasterState, agent: AgentRecord): Unavailability | undefined =>
  master.maintenanceSchedule.windows === undefined ? undefined : machineOf(master, agent.info)?.unavailability;

/** Agents of such a machine may not register: they are told to shut down, 'Machine is `DOWN`' (Master::_registerSlave). */
export const isOnDownMachine = (master: MasterState, agent: Pick<AgentInfo, 'hostname' | 'ip'>): boolean =>
  machineOf(master, agent)?.mode === 'DOWN';

/** A machine, once known, stays so. */
export function enterMachine(master: MasterState, { id, info: { hostname, ip } }: AgentRecord): void {
  const key = machineKey({ hostname, ip });
  const machine = master.machines.get(key) ?? { id: { hostname, ip }, mode: 'UP', unavailability: undefined, agents: new Set() };
  master.machines.set(key, machine);
  machine.agents.add(id);
}

export const leaveMachine = (master: MasterState, { id, info }: AgentRecord): void => {
  machineOf(master, info)?.agents.delete(id);
};

export const agentsOn = (master: MasterState, machine: MachineRecord): AgentRecord[] =>
  [...machine.agents].map((id) => master.agents.get(id)).filter((agent) => agent !== undefined);

/** Those that the schedule names; few, where the agents may be many. */
export const scheduledMachines = (master: MasterState): MachineRecord[] =>
  (master.maintenanceSchedule.windows ?? []).flatMap(({ machine_ids = [] }) =>
    machine_ids.map((id) => master.machines.get(machineKey(id))).filter((machine) => machine !== undefined),
  );
