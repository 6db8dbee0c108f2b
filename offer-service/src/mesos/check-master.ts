import { MasterAddressError, parseMasterAddress } from '@streams-on-mesos/mesos';
import { ConfigurationError } from '@streams-on-mesos/service';

/** What the setting's pattern lets through may still be no address: better said at the start than at each attempt to lead. @throws ConfigurationError */
export const checkMaster = (master: string, scheme: 'http' | 'https' = 'http'): void => {
  try {
    parseMasterAddress(master, scheme);
  } catch (error) {
    // the value may hold a password; the message of a MasterAddressError does not
    if (error instanceof MasterAddressError) throw new ConfigurationError('MESOS_MASTER', undefined, error.message);
    throw error;
  }
};
