// Calls of a subscribed framework (master/http.cpp, Master::Http::scheduler, and the handlers in master.cpp).
import type { Call } from '../../generated/protocol.js';
import { accept } from './accept.js';
import { revive, suppress } from './allocator/suppression.js';
import { updateFramework } from './framework-options.js';
import { acceptInverseOffers, declineInverseOffers } from './maintenance/inverse-offers.js';
import { sendToAgent, taskKey, type FrameworkRecord, type MasterState, type Turn } from './master-state.js';
import { discardOffer } from './allocator/offers.js';
import { reconcile } from './reconcile.js';
import { removeFramework } from './remove-framework.js';
import { removeTask } from './status-update.js';
import { isTerminal } from './task.js';

/** The HTTP answer to a call. */
export interface CallAnswer {
  readonly status: number;
  readonly body?: string;
}

const accepted: CallAnswer = { status: 202 };

const decline = (master: MasterState, call: Call.Decline, turn: Turn): void => {
  for (const { value } of call.offer_ids ?? []) {
    const offer = master.offers.get(value);
    if (offer !== undefined) discardOffer(master, offer, call.filters ?? {}, turn.now);
  }
};

const kill = (master: MasterState, framework: FrameworkRecord, call: Call.Kill, turn: Turn): void => {
  const task = framework.tasks.get(call.task_id.value);
  if (task === undefined) return reconcile(master, framework, [{ task_id: call.task_id, agent_id: call.agent_id }], turn);
  if (call.agent_id !== undefined && call.agent_id.value !== task.agentId) return;
  sendToAgent(task.agentId, { type: 'kill-task', frameworkId: framework.id, taskId: task.id, killPolicy: call.kill_policy }, turn);
};

const acknowledge = (master: MasterState, framework: FrameworkRecord, call: Call.Acknowledge, turn: Turn): void => {
  const agent = master.agents.get(call.agent_id.value);
  if (agent === undefined) return;
  const taskId = call.task_id.value;
  const task = agent.tasks.get(taskKey(framework.id, taskId));
  if (task !== undefined) {
    // An acknowledgement meant for an earlier run of the master: the agent will send the update again.
    if (task.statusUpdateState === undefined) return;
    if (isTerminal(task.statusUpdateState) && task.statusUpdateUuid === call.uuid) removeTask(master, task, 'completed');
  }
  sendToAgent(agent.id, { type: 'acknowledge', frameworkId: framework.id, taskId, uuid: call.uuid }, turn);
};

const handle = (master: MasterState, framework: FrameworkRecord, call: Call, turn: Turn): CallAnswer => {
  switch (call.type) {
    case 'TEARDOWN':
      removeFramework(master, framework, turn);
      return accepted;
    case 'ACCEPT':
      accept(master, framework, call.accept ?? {}, turn);
      return accepted;
    case 'DECLINE':
      decline(master, call.decline ?? {}, turn);
      return accepted;
    case 'ACCEPT_INVERSE_OFFERS':
      acceptInverseOffers(master, call.accept_inverse_offers ?? {}, turn);
      return accepted;
    case 'DECLINE_INVERSE_OFFERS':
      declineInverseOffers(master, call.decline_inverse_offers ?? {}, turn);
      return accepted;
    case 'REVIVE':
      revive(master, framework, call.revive?.roles ?? []);
      return accepted;
    case 'SUPPRESS':
      suppress(master, framework, call.suppress?.roles ?? []);
      return accepted;
    case 'KILL':
      if (call.kill !== undefined) kill(master, framework, call.kill, turn);
      return accepted;
    case 'ACKNOWLEDGE':
      if (call.acknowledge !== undefined) acknowledge(master, framework, call.acknowledge, turn);
      return accepted;
    case 'RECONCILE':
      reconcile(master, framework, call.reconcile?.tasks ?? [], turn);
      return accepted;
    case 'REQUEST':
      // Mesos's allocator ignores it too.
      return accepted;
    case 'UPDATE_FRAMEWORK': {
      if (call.update_framework === undefined) return accepted;
      const error = updateFramework(framework, call.update_framework, master, turn);
      return error === undefined ? { status: 200 } : { status: 400, body: error };
    }
    default:
      return { status: 501, body: `The local cluster does not know ${call.type ?? 'UNKNOWN'} calls` };
  }
};

/** Any valid call but SUBSCRIBE. `streamId`: the request's Mesos-Stream-Id. */
export function schedulerCall(master: MasterState, call: Call, streamId: string | undefined, turn: Turn): CallAnswer {
  const framework = master.frameworks.get(call.framework_id?.value ?? '');
  if (framework === undefined) return { status: 400, body: 'Framework cannot be found' };
  if (framework.stream === undefined) return { status: 403, body: 'Framework is not subscribed' };
  if (streamId === undefined) return { status: 400, body: `All non-subscribe calls should include the 'Mesos-Stream-Id' header` };
  if (streamId !== framework.stream)
    return {
      status: 400,
      body: `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`,
    };
  return handle(master, framework, call, turn);
}
