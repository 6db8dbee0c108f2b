import { ConfigurationError } from './configuration-error.js';
import { readConfiguredFile } from './secret-file.js';

/** A bundle of all authorities that a distribution trusts has 250 KiB. */
const MAX_BYTES = 1024 * 1024;

export interface MesosTlsFiles {
  readonly mesosCaFile: string | undefined;
  readonly mesosCertFile: string | undefined;
  readonly mesosKeyFile: string | undefined;
}

/** In PEM. */
export interface MesosTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

const readPem = (field: string, path: string, holds: string): Buffer => {
  const bytes = readConfiguredFile(field, path, { holds, maxBytes: MAX_BYTES });
  if (!bytes.includes('-----BEGIN ')) throw new ConfigurationError(field, path, `the file is not in PEM; write ${holds} in PEM into it`);
  return bytes;
};

/**
 * What the files of MESOS_CA_FILE, MESOS_CERT_FILE and MESOS_KEY_FILE hold, or undefined when none is set: then masters speak http.
 *
 * @throws ConfigurationError
 */
export const readMesosTls = ({ mesosCaFile: ca, mesosCertFile: cert, mesosKeyFile: key }: MesosTlsFiles): MesosTls | undefined => {
  if (cert !== undefined && key === undefined)
    throw new ConfigurationError('MESOS_KEY_FILE', undefined, 'MESOS_CERT_FILE is set, so name the file with its key here');
  if (key !== undefined && cert === undefined)
    throw new ConfigurationError('MESOS_CERT_FILE', undefined, 'MESOS_KEY_FILE is set, so name the file with its certificate here');
  if (ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca: readPem('MESOS_CA_FILE', ca, 'the certificates of the authorities') }),
    ...(cert !== undefined && { cert: readPem('MESOS_CERT_FILE', cert, 'the certificate') }),
    ...(key !== undefined && { key: readPem('MESOS_KEY_FILE', key, 'the key') }),
  };
};
