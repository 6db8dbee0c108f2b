import type { Resource } from '@streams-on-mesos/messages';

/** How Streams names a resource: it shows `displayName` to people and asks by `nativeResourceId`. */
export interface ResourceDescriptor {
  readonly type: string;
  readonly kind: 'CONTAINER';
  readonly nativeResourceId: string;
  readonly displayName: string;
  /** Not known until an offer was matched. */
  readonly hostName: string | null;
}

export const displayNameOf = (resourceType: string, nativeResourceId: string): string => `${resourceType}_${nativeResourceId}`;

export const descriptorOf = ({ id, host }: Pick<Resource, 'id' | 'host'>, resourceType: string): ResourceDescriptor => ({
  type: resourceType,
  kind: 'CONTAINER',
  nativeResourceId: id,
  displayName: displayNameOf(resourceType, id),
  hostName: host ?? null,
});
