import type { Resource } from '@streams-on-mesos/messages';

export interface ResourceView extends Omit<Resource, 'request_state'> {
  readonly request_state: string;
}

/** A resource as the API shows it: enum names without the prefix that keeps them apart in the .proto file. A copy. */
export const resourceView = (resource: Resource): ResourceView =>
  structuredClone({ ...resource, labels: resource.labels ?? {}, request_state: resource.request_state.replace(/^REQUEST_/, '') });
