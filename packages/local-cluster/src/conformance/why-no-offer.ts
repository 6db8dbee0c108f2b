// When nothing is offered, other frameworks may hold it.
import type { CaseContext } from './case-context.js';

interface FrameworkView {
  readonly id: string;
  readonly name: string;
  readonly used_resources: { readonly cpus?: number };
  readonly offered_resources: { readonly cpus?: number };
}

/** @param own ids of the case's frameworks @returns undefined when nothing on the cluster explains it */
export async function whyNoOffer(context: CaseContext, own: ReadonlySet<string>): Promise<string | undefined> {
  const { frameworks } = await context.getJson<{ readonly frameworks: readonly FrameworkView[] }>('/state');
  const others = frameworks.filter(
    ({ id, used_resources, offered_resources }) => !own.has(id) && (used_resources.cpus ?? 0) + (offered_resources.cpus ?? 0) > 0,
  );
  if (context.facts.agents.length === 0) return 'the cluster has no agent';
  return others.length === 0 ? undefined : `no offer came: ${others.map(({ name }) => name).join(', ')} hold what could be offered`;
}
