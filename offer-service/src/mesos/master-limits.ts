import { masterKnows } from '@streams-on-mesos/mesos';
import type { Logger } from '@streams-on-mesos/service';
import type { MasterLimits } from '../domain/roles/offer-needs.js';

/** Returns what gives the limits of each master that is subscribed to, by its version; says once of each version what it is not told. */
export const masterLimitsWith = (logger: Logger): ((version: string | undefined) => MasterLimits) => {
  const told = new Set<string | undefined>();
  return (version) => {
    const takesUpdates = masterKnows(version, 'UPDATE_FRAMEWORK');
    const takesConstraints = masterKnows(version, 'offer constraints');
    if ((!takesUpdates || !takesConstraints) && !told.has(version)) {
      told.add(version);
      const unknown = takesUpdates ? 'offer constraints' : 'UPDATE_FRAMEWORK';
      const what = takesUpdates ? 'the constraints of what is needed' : 'what agents must have for what is needed';
      logger.warn({ version }, `the master is too old for ${unknown}: it is not told ${what}, and offers other agents too`);
    }
    return { takesUpdates, takesConstraints };
  };
};
