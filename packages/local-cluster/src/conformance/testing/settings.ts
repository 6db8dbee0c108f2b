// Clusters that the suite is held against: most cases need nothing in particular, some a master with other flags.
import type { LocalClusterOptions } from '../../cluster/options.js';
import type { ConformanceCase } from '../case.js';

const usual: Partial<LocalClusterOptions> = { agents: 2 };

/** What these cases need to be shown, by the beginning of their names. */
const particular: readonly (readonly [string, Partial<LocalClusterOptions>])[] = [
  ['a role that the master has not on its list', { ...usual, roles: ['conformance-listed'] }],
  ['offers are rescinded after --offer_timeout', { ...usual, offerTimeoutMs: 1000 }],
  ['root is refused by a master with', { ...usual, rootSubmissions: false }],
  ['a task whose URIs are not there within', { ...usual, executorRegistrationTimeoutMs: 500 }],
];

/** Whose agents and master are broken, and missed soon. */
const breakable: Partial<LocalClusterOptions> = { ...usual, agentPingTimeoutMs: 300, maxAgentPingTimeouts: 3, faultsPort: 0 };

const masters: Partial<LocalClusterOptions> = { ...breakable, zkSessionTimeoutMs: 1000, registrationBackoffFactorMs: 100 };
/** Elected through the ZooKeeper that whoever starts the cluster has; with three, two of them are a quorum of the registry. */
const several: Readonly<Record<2 | 3, Partial<LocalClusterOptions>>> = {
  2: { ...masters, masters: 2 },
  3: { ...masters, masters: 3, registry: 'replicated_log' },
};
/** An agent that does not come back is given up soon. */
const impatient: Partial<LocalClusterOptions> = { ...several[3], agentReregisterTimeoutMs: 1500 };

export const settingsFor = ({ name, needs, masters: count }: ConformanceCase): Partial<LocalClusterOptions> => {
  if (count !== undefined) return name.includes('after --agent_reregister_timeout') ? impatient : several[count];
  return particular.find(([beginning]) => name.startsWith(beginning))?.[1] ?? (needs === undefined ? usual : breakable);
};
