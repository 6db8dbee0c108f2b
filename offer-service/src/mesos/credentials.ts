import type { Credentials } from '@streams-on-mesos/mesos';
import { ConfigurationError, readSecretFile } from '@streams-on-mesos/service';

/** The principal with its secret, or undefined when no secret is configured. @throws ConfigurationError, which never shows the secret */
export const readCredentials = (config: {
  readonly mesosPrincipal: string | undefined;
  readonly mesosSecretFile: string | undefined;
}): Credentials | undefined => {
  const { mesosPrincipal: principal, mesosSecretFile: file } = config;
  if (file === undefined) return undefined;
  if (principal === undefined)
    throw new ConfigurationError('MESOS_PRINCIPAL', undefined, 'MESOS_SECRET_FILE is set, so say here whose secret that is');
  return { principal, secret: readSecretFile('MESOS_SECRET_FILE', file) };
};
