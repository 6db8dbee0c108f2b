// What operators ask a master to do, by endpoint or by the operator API (src/master/http.cpp).
import type { MachineID } from '../../generated/protocol.js';
import type { Call } from '../../generated/master-protocol.js';
import { badRequest, ok, type Answer } from '../../http/answers.js';
import { deactivateAgent, drainAgent, reactivateAgent } from '../domain/agents/drain.js';
import { markAgentGone } from '../domain/agents/gone.js';
import { machineKey } from '../domain/maintenance/machines.js';
import type { MasterState } from '../domain/master-state.js';
import type { Master } from '../master.js';

/** A domain's refusal has a text, its consent none. */
export const answerOf = ({ status, body }: Answer): Answer => ({ status, body: body === '' ? undefined : body });

export const refusalOf = (error: string | undefined): Answer => (error === undefined ? ok : badRequest(error));

export const teardown = (master: Master, frameworkId: string): Answer =>
  master.teardown(frameworkId) ? ok : badRequest('No framework found with specified ID');

export const markGone = (master: Master, { agent_id }: Call.MarkAgentGone): Answer =>
  answerOf(master.operate((state, turn) => markAgentGone(state, agent_id.value, turn)));

/** As Mesos prints it there (common/type_utils.cpp). */
const machineText = ({ hostname = '', ip = '' }: MachineID): string =>
  hostname !== '' && ip !== '' ? `${hostname} (${ip})` : hostname + ip;

const scheduledMachine = (master: MasterState, agentId: string): MachineID | undefined => {
  const agent = master.agents.get(agentId);
  if (agent === undefined) return undefined;
  const { hostname, ip } = agent.info;
  const key = machineKey({ hostname, ip });
  return (master.maintenanceSchedule.windows ?? []).flatMap(({ machine_ids = [] }) => machine_ids).find((id) => machineKey(id) === key);
};

export const drain = (master: Master, { agent_id, max_grace_period, mark_gone }: Call.DrainAgent): Answer => {
  const machine = scheduledMachine(master.state, agent_id.value);
  if (machine !== undefined)
    return badRequest(`Agent ${agent_id.value} is part of a maintenance schedule under Machine ${machineText(machine)}`);
  const maxGracePeriodMs =
    max_grace_period === undefined ? undefined : (max_grace_period.seconds ?? 0) * 1000 + (max_grace_period.nanos ?? 0) / 1_000_000;
  return answerOf(
    master.operate((state, turn) => drainAgent(state, agent_id.value, { maxGracePeriodMs, markGone: mark_gone ?? false }, turn)),
  );
};

export const deactivate = (master: Master, { agent_id }: Call.DeactivateAgent): Answer =>
  answerOf(master.operate((state, turn) => deactivateAgent(state, agent_id.value, turn)));

export const reactivate = (master: Master, { agent_id }: Call.ReactivateAgent): Answer =>
  answerOf(master.operate((state, turn) => reactivateAgent(state, agent_id.value, turn)));
