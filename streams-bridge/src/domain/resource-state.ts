import type { Resource } from '@streams-on-mesos/messages';
import { displayNameOf } from './descriptor.js';
import { decodeLabels, type StreamsLabels } from './labels.js';

/** One row of the custom command `getresourcestate`, with the original's names. */
export interface ResourceStateRow {
  readonly nativeId: string;
  readonly id: string;
  readonly mesosTaskId: string | null;
  readonly resourceState: string;
  readonly requestState: string;
  readonly taskCompletionStatus: string;
  readonly hostname: string | null;
  readonly master: boolean;
  /** These only in the long form: the original printed a Java set and Java doubles, -1.0 before the launch. */
  readonly tags?: string;
  readonly cores?: string;
  readonly memory?: string;
}

const javaDouble = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const rowOf = (resource: Resource, labels: StreamsLabels, resourceType: string, long: boolean): ResourceStateRow => ({
  nativeId: resource.id,
  id: displayNameOf(resourceType, resource.id),
  mesosTaskId: resource.task_id ?? null,
  resourceState: resource.state,
  requestState: resource.request_state.replace(/^REQUEST_/, ''),
  taskCompletionStatus: resource.completion,
  hostname: resource.host ?? null,
  master: labels.master,
  ...(long
    ? {
        tags: `[${labels.tags.join(', ')}]`,
        cores: javaDouble(resource.allocated?.cpus ?? -1),
        memory: javaDouble(resource.allocated?.mem ?? -1),
      }
    : {}),
});

/** The resources that Streams asked for, ended ones too as long as allocation-service keeps them; scaled nodes are none of its business. */
export const resourceStateRows = (resources: readonly Resource[], resourceType: string, long: boolean): ResourceStateRow[] =>
  resources.flatMap((resource) => {
    const labels = decodeLabels(resource);
    return labels === undefined ? [] : [rowOf(resource, labels, resourceType, long)];
  });

const ENDED: readonly Resource.State[] = ['STOPPED', 'FAILED', 'CANCELLED'];

export const hasEnded = ({ state }: Pick<Resource, 'state'>): boolean => ENDED.includes(state);

/** The clients for which Streams still has, or waits for, any of these. */
export const clientsWithResources = (resources: readonly Resource[]): string[] => {
  const live = resources.filter((resource) => decodeLabels(resource) !== undefined && !hasEnded(resource));
  return [...new Set(live.map(({ owner }) => owner))];
};
