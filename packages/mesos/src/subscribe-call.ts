import type { Call } from './generated/protocol.js';
import type { SchedulerClientSettings } from './scheduler-client-settings.js';

/**
 * SUBSCRIBE as it is to be sent now. A framework id stands in the call and in the framework info: the master compares them.
 * Suppressed roles and offer constraints are part of each subscription, the master forgets them with the old one.
 */
export const subscribeCall = (settings: SchedulerClientSettings, frameworkId: string | undefined): Call => {
  const id = frameworkId === undefined ? undefined : { value: frameworkId };
  const suppressedRoles = settings.suppressedRoles?.() ?? [];
  const { frameworkInfo } = settings;
  const info = typeof frameworkInfo === 'function' ? frameworkInfo() : frameworkInfo;
  const offerConstraints = settings.offerConstraints?.();
  return {
    type: 'SUBSCRIBE',
    framework_id: id,
    subscribe: {
      framework_info: { ...info, id },
      ...(suppressedRoles.length > 0 && { suppressed_roles: [...suppressedRoles] }),
      ...(offerConstraints && { offer_constraints: offerConstraints }),
    },
  };
};
