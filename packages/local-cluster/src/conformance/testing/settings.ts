// Clusters that the suite is held against: most cases need nothing in particular, some a master with other flags.
import type { LocalClusterOptions } from '../../cluster/options.js';

const usual: Partial<LocalClusterOptions> = { agents: 2 };

/** What these cases need to be shown, by the beginning of their names. */
const particular: readonly (readonly [string, Partial<LocalClusterOptions>])[] = [
  ['a role that the master has not on its list', { ...usual, roles: ['conformance-listed'] }],
  ['root is refused by a master with', { ...usual, rootSubmissions: false }],
];

export const settingsFor = (name: string): Partial<LocalClusterOptions> =>
  particular.find(([beginning]) => name.startsWith(beginning))?.[1] ?? usual;
