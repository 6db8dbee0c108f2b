import type { Call, Filters, FrameworkInfo, KillPolicy, Offer, OfferConstraints, TaskStatus } from './generated/protocol.js';

/** A call without the framework id, which the client adds. */
export type SchedulerCallBody = Omit<Call, 'framework_id'>;

const offerIds = (ids: readonly string[]) => ids.map((value) => ({ value }));

/** Uses the offers for the operations and declines what remains of them. All offers must be of one agent and one role; an offer can be used once. */
export const accept = (ids: readonly string[], operations: readonly Offer.Operation[], filters?: Filters): SchedulerCallBody => ({
  type: 'ACCEPT',
  accept: { offer_ids: offerIds(ids), operations: [...operations], ...(filters && { filters }) },
});

/** `filters.refuse_seconds` (default 5, at most 365 days) says how long the agent's quantities are not offered again. */
export const decline = (ids: readonly string[], filters?: Filters): SchedulerCallBody => ({
  type: 'DECLINE',
  decline: { offer_ids: offerIds(ids), ...(filters && { filters }) },
});

/**
 * The framework will be off the agent by the time its maintenance begins, as far as it can tell (docs/maintenance.md).
 * `filters.refuse_seconds` (default 5) says for how long it is not asked about that agent again.
 */
export const acceptInverseOffers = (ids: readonly string[], filters?: Filters): SchedulerCallBody => ({
  type: 'ACCEPT_INVERSE_OFFERS',
  accept_inverse_offers: { inverse_offer_ids: offerIds(ids), ...(filters && { filters }) },
});

/** It probably will not be. Both answers only tell the operator, who may go on all the same. */
export const declineInverseOffers = (ids: readonly string[], filters?: Filters): SchedulerCallBody => ({
  type: 'DECLINE_INVERSE_OFFERS',
  decline_inverse_offers: { inverse_offer_ids: offerIds(ids), ...(filters && { filters }) },
});

/** No offers for these roles until REVIVE; no roles given: all of the framework's. */
export const suppress = (roles: readonly string[] = []): SchedulerCallBody => ({ type: 'SUPPRESS', suppress: { roles: [...roles] } });

/** Offers for these roles again, and forgets their filters; no roles given: all of the framework's. */
export const revive = (roles: readonly string[] = []): SchedulerCallBody => ({ type: 'REVIVE', revive: { roles: [...roles] } });

/** Not reliable: repeat it until the task is terminal. A wrong agent id makes the master drop it silently. */
export const kill = (taskId: string, agentId?: string, killPolicy?: KillPolicy): SchedulerCallBody => ({
  type: 'KILL',
  kill: {
    task_id: { value: taskId },
    ...(agentId !== undefined && { agent_id: { value: agentId } }),
    ...(killPolicy && { kill_policy: killPolicy }),
  },
});

/** The acknowledgement of an update, or undefined when it takes none: those that the master made itself carry no uuid. */
export const acknowledge = (status: TaskStatus): SchedulerCallBody | undefined =>
  status.uuid === undefined || status.uuid === '' || status.agent_id === undefined
    ? undefined
    : { type: 'ACKNOWLEDGE', acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid } };

/** Explicit for the tasks given; implicit (all that the master knows) when none is. */
export const reconcile = (
  tasks: readonly { readonly taskId: string; readonly agentId?: string | undefined }[] = [],
): SchedulerCallBody => ({
  type: 'RECONCILE',
  reconcile: {
    tasks: tasks.map(({ taskId, agentId }) => ({
      task_id: { value: taskId },
      ...(agentId !== undefined && { agent_id: { value: agentId } }),
    })),
  },
});

/**
 * Replaces the framework info, the suppressed roles and the offer constraints, all of them: what is absent is taken back
 * (docs/scheduler-http-api.md, UPDATE_FRAMEWORK; since Mesos 1.9). Answered once it is in force; the client adds the framework id.
 */
export const updateFramework = (
  frameworkInfo: FrameworkInfo,
  suppressedRoles: readonly string[] = [],
  offerConstraints?: OfferConstraints,
): SchedulerCallBody => ({
  type: 'UPDATE_FRAMEWORK',
  update_framework: {
    framework_info: frameworkInfo,
    suppressed_roles: [...suppressedRoles],
    ...(offerConstraints && { offer_constraints: offerConstraints }),
  },
});

/** Ends the framework: its tasks are killed and its id is never accepted again. */
export const teardown = (): SchedulerCallBody => ({ type: 'TEARDOWN' });
