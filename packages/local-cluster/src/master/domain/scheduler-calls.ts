// Calls of a subscribed framework (master/http.cpp, Master::Http::scheduler, and the handlers in master.cpp).
import type { Call } from '../../generated/protocol.js';
import { accept } from './accept.js';
import { revive, suppress } from './allocator/suppression.js';
import { updateFramework } from './framework-options.js';
import { acceptInverseOffers, declineInverseOffers } from './maintenance/inverse-offers.js';
import type { FrameworkRecord, MasterState } from './master-state.js';
import type { Turn } from './turn.js';
import { discardOffer } from './allocator/offers.js';
import { reconcile } from './reconcile.js';
import { removeFramework } from './remove-framework.js';
import { acknowledgeOperationStatus } from './operations/operations.js';
import { reconcileOperations } from './operations/reconcile-operations.js';
import { acknowledge, kill, messageExecutor, shutdownExecutor } from './task-calls.js';

/** The HTTP answer to a call. */
export interface CallAnswer {
  readonly status: number;
  readonly body?: string;
}

const decline = (master: MasterState, call: Call.Decline, turn: Turn): void => {
  for (const { value } of call.offer_ids ?? []) {
    const offer = master.offers.get(value);
    if (offer !== undefined) discardOffer(master, offer, call.filters ?? {}, turn.now);
  }
};

/** undefined: accepted, whatever comes of it. */
const handle = (master: MasterState, framework: FrameworkRecord, call: Call, turn: Turn): CallAnswer | undefined => {
  switch (call.type) {
    case 'TEARDOWN':
      removeFramework(master, framework, turn);
      return undefined;
    case 'ACCEPT':
      accept(master, framework, call.accept ?? {}, turn);
      return undefined;
    case 'DECLINE':
      decline(master, call.decline ?? {}, turn);
      return undefined;
    case 'ACCEPT_INVERSE_OFFERS':
      acceptInverseOffers(master, call.accept_inverse_offers ?? {}, turn);
      return undefined;
    case 'DECLINE_INVERSE_OFFERS':
      declineInverseOffers(master, call.decline_inverse_offers ?? {}, turn);
      return undefined;
    case 'REVIVE':
      revive(master, framework, call.revive?.roles ?? []);
      return undefined;
    case 'SUPPRESS':
      suppress(master, framework, call.suppress?.roles ?? []);
      return undefined;
    case 'KILL':
      if (call.kill !== undefined) kill(master, framework, call.kill, turn);
      return undefined;
    case 'SHUTDOWN':
      if (call.shutdown !== undefined) shutdownExecutor(master, framework, call.shutdown, turn);
      return undefined;
    case 'ACKNOWLEDGE':
      if (call.acknowledge !== undefined) acknowledge(master, framework, call.acknowledge, turn);
      return undefined;
    case 'ACKNOWLEDGE_OPERATION_STATUS': {
      const acknowledged = call.acknowledge_operation_status;
      if (acknowledged !== undefined) acknowledgeOperationStatus(master, framework, acknowledged, turn);
      return undefined;
    }
    case 'RECONCILE':
      reconcile(master, framework, call.reconcile?.tasks ?? [], turn);
      return undefined;
    case 'RECONCILE_OPERATIONS':
      reconcileOperations(master, framework, call.reconcile_operations?.operations ?? [], turn);
      return undefined;
    case 'MESSAGE':
      if (call.message !== undefined) messageExecutor(master, framework, call.message, turn);
      return undefined;
    case 'REQUEST':
      // Mesos's allocator ignores it too.
      return undefined;
    case 'UPDATE_FRAMEWORK': {
      if (call.update_framework === undefined) return undefined;
      const error = updateFramework(framework, call.update_framework, master, turn);
      return error === undefined ? { status: 200 } : { status: 400, body: error };
    }
    default:
      return { status: 501 };
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
  return handle(master, framework, call, turn) ?? { status: 202 };
}
