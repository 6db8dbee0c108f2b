// Clusters that the suite is held against: most cases need nothing in particular, some a master with other flags.
import type { LocalClusterOptions } from '../../cluster/options.js';
import type { ConformanceCase } from '../case.js';

const usual: Partial<LocalClusterOptions> = { agents: 2 };

/** What these cases need to be shown, by the beginning of their names. */
const particular: readonly (readonly [string, Partial<LocalClusterOptions>])[] = [
  ['a role that the master has not on its list', { ...usual, roles: ['conformance-listed'] }],
  ['offers are rescinded after --offer_timeout', { ...usual, offerTimeoutMs: 1000 }],
  ['root is refused by a master with', { ...usual, rootSubmissions: false }],
];

/** Whose agents and master are broken, and missed soon. */
const breakable: Partial<LocalClusterOptions> = { ...usual, agentPingTimeoutMs: 300, maxAgentPingTimeouts: 3, faultsPort: 0 };

export const settingsFor = ({ name, needs }: ConformanceCase): Partial<LocalClusterOptions> =>
  particular.find(([beginning]) => name.startsWith(beginning))?.[1] ?? (needs === undefined ? usual : breakable);
