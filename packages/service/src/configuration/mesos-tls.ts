import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
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

const check = (field: string, path: string, remedy: string, read: () => unknown): void => {
  try {
    read();
  } catch {
    throw new ConfigurationError(field, path, remedy);
  }
};

const readCertificate = (field: string, path: string, holds: string): Buffer => {
  const bytes = readPem(field, path, holds);
  check(field, path, `the file has no certificate that can be read; write ${holds} in PEM into it`, () => new X509Certificate(bytes));
  return bytes;
};

const readKey = (path: string): Buffer => {
  const bytes = readPem('MESOS_KEY_FILE', path, 'the key');
  const remedy = 'the file has no key that can be read; write the key in PEM into it, without a passphrase';
  check('MESOS_KEY_FILE', path, remedy, () => createSecureContext({ key: bytes }));
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
  const tls: MesosTls = {
    ...(ca !== undefined && { ca: readCertificate('MESOS_CA_FILE', ca, 'the certificates of the authorities') }),
    ...(cert !== undefined && { cert: readCertificate('MESOS_CERT_FILE', cert, 'the certificate') }),
    ...(key !== undefined && { key: readKey(key) }),
  };
  if (key !== undefined)
    check('MESOS_KEY_FILE', key, 'the key is not that of MESOS_CERT_FILE; name the one that is', () => createSecureContext(tls));
  return tls;
};

/** What to do about a TlsProblem of packages/mesos, by its name. */
const remedies: Readonly<Record<string, string>> = {
  'authority-unknown': 'set MESOS_CA_FILE to a PEM file with the authority that signed its certificate',
  'other-name': 'name the master by a host that its certificate is for, or give it one that is for this host (subjectAltName)',
  expired: 'give the master a certificate that is valid now, and look at the clocks of both machines',
  'certificate-wanted': 'set MESOS_CERT_FILE and MESOS_KEY_FILE to a certificate that it trusts, and its key',
  'no-tls': 'it speaks http: write http:// before its address, or set none of MESOS_CA_FILE, MESOS_CERT_FILE, MESOS_KEY_FILE',
  'perhaps-tls': 'if it speaks https, set MESOS_CA_FILE to a PEM file with the authority that signed its certificate',
};

/** Log fields of packages/mesos, with the `remedy` where they say that TLS failed. */
export const withTlsRemedy = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const remedy = typeof fields.tlsProblem === 'string' ? remedies[fields.tlsProblem] : undefined;
  return { ...fields, ...(remedy !== undefined && { remedy }) };
};
