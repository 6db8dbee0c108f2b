import type { LocalCluster } from '@streams-on-mesos/local-cluster';
import { codecOf, RecordReader } from '@streams-on-mesos/mesos';
import { onTestFinished } from 'vitest';

/** The id of a framework that subscribed, and has a minute to come back. */
export const subscribeFramework = async (cluster: LocalCluster): Promise<string> => {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const codec = codecOf('json');
  const frameworkInfo = {
    user: 'root',
    name: 'victim',
    failover_timeout: 60,
    roles: ['*'],
    capabilities: [{ type: 'MULTI_ROLE' as const }],
  };
  const response = await fetch(`http://${cluster.address}/api/v1/scheduler`, {
    method: 'POST',
    headers: { 'content-type': codec.mediaType, accept: codec.mediaType },
    body: codec.encodeCall({ type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } }),
    signal: over.signal,
  });
  const reader = new RecordReader();
  for await (const chunk of response.body ?? []) {
    const [record] = reader.read(chunk);
    if (record === undefined) continue;
    const id = codec.decodeEvent(record).subscribed?.framework_id.value;
    if (id !== undefined) return id;
  }
  throw new Error(`not subscribed: ${response.status}`);
};

/** Ids of those that were removed. */
export const completedFrameworks = async (cluster: LocalCluster): Promise<string[]> => {
  const answer = await fetch(`http://${cluster.address}/master/frameworks`);
  return ((await answer.json()) as { completed_frameworks: { id: string }[] }).completed_frameworks.map(({ id }) => id);
};
