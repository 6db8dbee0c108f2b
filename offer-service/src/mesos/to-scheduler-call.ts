import {
  accept,
  acceptInverseOffers,
  acknowledge,
  decline,
  declineInverseOffers,
  kill,
  reconcile,
  revive,
  suppress,
  teardown,
  updateFramework,
  type FrameworkInfo,
  type SchedulerCallBody,
} from '@streams-on-mesos/mesos';
import type { MesosCall } from '../domain/effects.js';
import { constraintsOf, infoWithNeeds } from './framework-info.js';

const filters = (refuseSeconds: number | undefined) => (refuseSeconds === undefined ? undefined : { refuse_seconds: refuseSeconds });

const killPolicy = (graceSeconds: number | undefined) =>
  graceSeconds === undefined ? undefined : { grace_period: { nanoseconds: Math.round(graceSeconds * 1e9) } };

/** The call as Mesos takes it; undefined when there is nothing to send. */
export const toSchedulerCall = (call: MesosCall, frameworkInfo: FrameworkInfo): SchedulerCallBody | undefined => {
  switch (call.kind) {
    case 'accept':
      return accept(call.offerIds, call.operations, filters(call.refuseSeconds));
    case 'decline':
      return decline(call.offerIds, filters(call.refuseSeconds));
    case 'accept-inverse-offers':
      return acceptInverseOffers(call.inverseOfferIds, filters(call.refuseSeconds));
    case 'decline-inverse-offers':
      return declineInverseOffers(call.inverseOfferIds, filters(call.refuseSeconds));
    case 'kill':
      return kill(call.taskId, call.agentId, killPolicy(call.graceSeconds));
    case 'reconcile':
      return reconcile(call.tasks);
    case 'suppress':
      return suppress(call.roles);
    case 'revive':
      return revive(call.roles);
    case 'acknowledge':
      return acknowledge(call.status);
    case 'update-framework':
      return updateFramework(infoWithNeeds(frameworkInfo, call.needs), call.suppressedRoles, constraintsOf(call.needs));
    case 'teardown':
      return teardown();
  }
};
