// When nothing is offered, other frameworks may hold it.
import type { ClusterFacts } from './cluster-facts.js';

interface FrameworkView {
  readonly id: string;
  readonly name: string;
  readonly used_resources: { readonly cpus?: number };
  readonly offered_resources: { readonly cpus?: number };
}

/** What is asked of a cluster, and known of it. */
interface Cluster {
  readonly facts: ClusterFacts;
  getJson<T>(path: string): Promise<T>;
}

/** @param own ids of the case's frameworks @returns undefined when nothing on the cluster explains it */
export async function whyNoOffer(cluster: Cluster, own: ReadonlySet<string>): Promise<string | undefined> {
  const { frameworks } = await cluster.getJson<{ readonly frameworks: readonly FrameworkView[] }>('/state');
  const others = frameworks.filter(
    ({ id, used_resources, offered_resources }) => !own.has(id) && (used_resources.cpus ?? 0) + (offered_resources.cpus ?? 0) > 0,
  );
  if (cluster.facts.agents.length === 0) return 'the cluster has no agent';
  return others.length === 0 ? undefined : `no offer came: ${others.map(({ name }) => name).join(', ')} hold what could be offered`;
}
