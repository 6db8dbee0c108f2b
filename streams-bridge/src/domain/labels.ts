import type { Resource } from '@streams-on-mesos/messages';

/** What Streams asked for, kept with each resource by allocation-service, which doesn't read it. */
export interface StreamsLabels {
  readonly master: boolean;
  readonly tags: readonly string[];
  readonly domainId?: string | undefined;
  readonly instanceId?: string | undefined;
}

const MASTER = 'streams.master';
const TAGS = 'streams.tags';
const DOMAIN = 'streams.domain';
const INSTANCE = 'streams.instance';

export const encodeLabels = ({ master, tags, domainId, instanceId }: StreamsLabels): Record<string, string> => ({
  [MASTER]: String(master),
  [TAGS]: JSON.stringify(tags),
  ...(domainId === undefined ? {} : { [DOMAIN]: domainId }),
  ...(instanceId === undefined ? {} : { [INSTANCE]: instanceId }),
});

const decodeTags = (text: string | undefined): string[] => {
  if (text === undefined) return [];
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.map(String) : [];
};

/** The labels of a resource that Streams asked for; undefined for any other, such as a scaled node. */
export const decodeLabels = ({ labels }: Pick<Resource, 'labels'>): StreamsLabels | undefined => {
  const master = labels?.[MASTER];
  if (labels === undefined || master === undefined) return undefined;
  return { master: master === 'true', tags: decodeTags(labels[TAGS]), domainId: labels[DOMAIN], instanceId: labels[INSTANCE] };
};
