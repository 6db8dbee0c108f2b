// Agents as the allocator sees them come and go (hierarchical.cpp: addSlave, removeSlave).
import { forgetMaintenance } from '../maintenance/inverse-offers.js';
import { enterMachine, leaveMachine } from '../maintenance/machines.js';
import type { AgentInfo } from '../../../network/messages.js';
import type { AgentRecord, MasterState } from '../master-state.js';
import type { Resources } from '../../../resources/resources.js';
import { requestAllocation } from './allocator.js';
import { removeFiltersOfAgent } from './offer-filters.js';

const changeTotals = ({ totals }: MasterState, resources: Resources, sign: 1 | -1): void => {
  for (const quantity of resources)
    if (quantity.type === 'SCALAR') totals.milli.set(quantity.name, (totals.milli.get(quantity.name) ?? 0) + sign * quantity.milli);
  totals.version += 1;
};

/** It is offered as soon as the turn has ended. */
export function admitToAllocator(master: MasterState, agent: AgentRecord): void {
  enterMachine(master, agent);
  changeTotals(master, agent.total, 1);
  requestAllocation(master, [agent]);
}

/** With all that frameworks refused or said of it. */
export function dismissFromAllocator(master: MasterState, agent: AgentRecord): void {
  leaveMachine(master, agent);
  changeTotals(master, agent.total, -1);
  removeFiltersOfAgent(master, agent.id);
  forgetMaintenance(master, agent.id);
  master.allocation.agents.delete(agent.id);
}

/** It came back with other resources (updateSlave); what is available of it is the caller's to say. */
export function changeTotal(master: MasterState, agent: AgentRecord, total: Resources): void {
  changeTotals(master, agent.total, -1);
  agent.total = total;
  changeTotals(master, total, 1);
  requestAllocation(master, [agent]);
}

const attributesOf = ({ attributes }: AgentInfo): string => JSON.stringify(attributes.map((attribute) => JSON.stringify(attribute)).sort());

/** What it says of itself anew (updateSlave). Who refused it for its attributes may want it for the new ones. */
export function changeInfo(master: MasterState, agent: AgentRecord, info: AgentInfo): void {
  if (attributesOf(agent.info) !== attributesOf(info)) removeFiltersOfAgent(master, agent.id);
  if (JSON.stringify(agent.info) !== JSON.stringify(info)) requestAllocation(master, [agent]);
  agent.info = info;
}
