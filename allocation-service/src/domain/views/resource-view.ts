import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Resource } from '../model.js';
import { describeResource } from '../resources.js';

export interface ResourceView extends Omit<ResourceMessage, 'request_state'> {
  readonly request_state: string;
}

/** A resource as the API shows it: enum names without the prefix that keeps them apart in the .proto file. A copy. */
export const resourceView = (resource: Resource): ResourceView => {
  const described = describeResource(resource);
  return structuredClone({
    ...described,
    labels: described.labels ?? {},
    request_state: described.request_state.replace(/^REQUEST_/, ''),
  });
};
