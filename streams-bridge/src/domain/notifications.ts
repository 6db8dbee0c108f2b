import type { ClientEvent, Reply, Resource } from '@streams-on-mesos/messages';
import { decodeLabels } from './labels.js';
import { descriptorOf, type ResourceDescriptor } from './descriptor.js';

/** The methods of the original's ResourceNotificationManager. */
export type NotificationMethod = 'resourcesAllocated' | 'resourcesRevoked' | 'resourcesRevokeImminent';

export interface Notification {
  readonly seq: number;
  readonly method: NotificationMethod;
  readonly clientId: string;
  readonly descriptors: readonly ResourceDescriptor[];
}

/** What replaces notifications that are no longer kept: a resource of a client that is not named here was revoked. */
export interface AllocatedSnapshot {
  readonly clientId: string;
  readonly descriptors: readonly ResourceDescriptor[];
}

export interface NotificationPage {
  readonly notifications: readonly Notification[];
  /** What to ask after next. */
  readonly seq: number;
  readonly snapshot?: readonly AllocatedSnapshot[];
}

const methods: Record<ClientEvent.Kind, NotificationMethod> = {
  ALLOCATED: 'resourcesAllocated',
  REVOKED: 'resourcesRevoked',
  REVOKE_IMMINENT: 'resourcesRevokeImminent',
  // No public source names a method of its own for it, and to Streams a resource that failed is one that is gone.
  FAILED: 'resourcesRevoked',
};

const snapshotOf = (resources: readonly Resource[], resourceType: string): AllocatedSnapshot[] => {
  const ours = resources.filter((resource) => decodeLabels(resource) !== undefined);
  return [...new Set(ours.map(({ owner }) => owner))].map((clientId) => ({
    clientId,
    descriptors: ours.filter(({ owner }) => owner === clientId).map((resource) => descriptorOf(resource, resourceType)),
  }));
};

/** Whose agents are to be maintained: what told so is no longer kept either. As many as clients, with the number of the page. */
const imminentIn = (resources: readonly Resource[], seq: number, resourceType: string): Notification[] =>
  snapshotOf(
    resources.filter(({ maintenance }) => maintenance !== undefined),
    resourceType,
  ).map((ofClient) => ({ seq, method: 'resourcesRevokeImminent', ...ofClient }));

export const notificationPage = ({ events = [], sequence, snapshot }: Reply.Events, resourceType: string): NotificationPage => {
  const told = events.map((event) => ({
    seq: event.sequence,
    method: methods[event.kind],
    clientId: event.client_id,
    descriptors: (event.resources ?? []).map((resource) => descriptorOf(resource, resourceType)),
  }));
  if (snapshot === undefined) return { notifications: told, seq: sequence };
  const { resources = [] } = snapshot;
  return {
    notifications: [...told, ...imminentIn(resources, sequence, resourceType)],
    seq: sequence,
    snapshot: snapshotOf(resources, resourceType),
  };
};
