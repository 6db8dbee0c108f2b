import { isIP } from 'node:net';
import type { Logger } from '@streams-on-mesos/service';

/** Whether a secret sent to this master can be read on the way: http, and not to this machine itself. */
export const showsSecrets = (masterUrl: string): boolean => {
  const { hostname, protocol } = new URL(masterUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  return protocol === 'http:' && !loopback;
};

/** Returns what is told each master that is subscribed to; warns about the first one that gets the secret over plain http. */
export const warnOfPlainCredentials = (logger: Logger): ((masterUrl: string | undefined) => void) => {
  let warned = false;
  return (masterUrl) => {
    if (warned || masterUrl === undefined || !showsSecrets(masterUrl)) return;
    warned = true;
    logger.warn(
      { master: masterUrl },
      'the secret of MESOS_PRINCIPAL goes over plain http, where others can read it; set MESOS_CA_FILE to use https',
    );
  };
};
