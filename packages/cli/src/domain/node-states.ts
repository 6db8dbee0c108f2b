/** What of GET /api/v1/resources tells why a node does not live yet. */
export interface NodeView {
  readonly owner: string;
  readonly state: string;
  readonly request_state: string;
  readonly requested?: { readonly cpus: number; readonly mem: number };
}

const describe = ({ state, requested }: NodeView): string | undefined => {
  if (state === 'NEW') {
    const size = requested === undefined ? '' : ` of ${requested.cpus} cpus and ${requested.mem} MB`;
    return `waiting for an offer${size} (no free agent has as much, or Mesos is away)`;
  }
  if (state === 'LAUNCHED') return 'launched, not running yet';
  if (state === 'STOPPING') return 'not stopped yet';
  return undefined;
};

/** For the reason of a timeout: "3 waiting for an offer of 1000 cpus and 32 MB (…), 1 launched, not running yet". Empty: nothing stands out. */
export const describeNodes = (resources: readonly NodeView[]): string => {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const what = resource.owner === 'scaling' ? describe(resource) : undefined;
    if (what !== undefined) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
};
