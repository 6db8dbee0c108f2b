import type { Resource } from '@streams-on-mesos/messages';

/** What Streams asked for, kept with each resource by allocation-service, which doesn't read it. */
export interface StreamsLabels {
  readonly master: boolean;
  readonly tags: readonly string[];
  readonly domainId?: string | undefined;
  readonly instanceId?: string | undefined;
  readonly zkConnect?: string | undefined;
  readonly installPath?: string | undefined;
}

const MASTER = 'streams.master';
const TAGS = 'streams.tags';
const DOMAIN = 'streams.domain';
const INSTANCE = 'streams.instance';
const ZK_CONNECT = 'streams.zkConnect';
const INSTALL_PATH = 'streams.installPath';

export const encodeLabels = ({ master, tags, ...named }: StreamsLabels): Record<string, string> => ({
  [MASTER]: String(master),
  [TAGS]: JSON.stringify(tags),
  ...(named.domainId === undefined ? {} : { [DOMAIN]: named.domainId }),
  ...(named.instanceId === undefined ? {} : { [INSTANCE]: named.instanceId }),
  ...(named.zkConnect === undefined ? {} : { [ZK_CONNECT]: named.zkConnect }),
  ...(named.installPath === undefined ? {} : { [INSTALL_PATH]: named.installPath }),
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
  return {
    master: master === 'true',
    tags: decodeTags(labels[TAGS]),
    domainId: labels[DOMAIN],
    instanceId: labels[INSTANCE],
    zkConnect: labels[ZK_CONNECT],
    installPath: labels[INSTALL_PATH],
  };
};
