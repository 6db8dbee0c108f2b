import { closeSync, openSync, readSync } from 'node:fs';
import { ConfigurationError } from './configuration-error.js';

const SECRET_BYTES = 64 * 1024;

/** The start of a file, so that a wrong path such as a device cannot fill the memory. */
const readStart = (path: string, maxBytes: number): Buffer => {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
};

/**
 * The bytes of a file that a setting names: `field` is the setting, `holds` what should be in it.
 *
 * @throws ConfigurationError when it cannot be read, is empty, or is larger than `maxBytes`
 */
export const readConfiguredFile = (
  field: string,
  path: string,
  { holds, maxBytes }: { readonly holds: string; readonly maxBytes: number },
): Buffer => {
  let bytes: Buffer;
  try {
    bytes = readStart(path, maxBytes);
  } catch (error) {
    throw new ConfigurationError(
      field,
      path,
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}); name a readable file`,
    );
  }
  if (bytes.length > maxBytes)
    throw new ConfigurationError(field, path, `the file is larger than ${maxBytes / 1024} KiB; name one that holds only ${holds}`);
  if (bytes.length === 0) throw new ConfigurationError(field, path, `the file is empty; write ${holds} into it`);
  return bytes;
};

/**
 * The secret that a file holds, without a line break at its end. `field` is the setting that names the file.
 *
 * @throws ConfigurationError when it cannot be read, is empty, or is larger than 64 KiB
 */
export const readSecretFile = (field: string, path: string): string => {
  const bytes = readConfiguredFile(field, path, { holds: 'the secret', maxBytes: SECRET_BYTES });
  const secret = bytes.toString('utf8').replace(/(\r?\n)+$/, '');
  if (secret === '') throw new ConfigurationError(field, path, 'the file is empty; write the secret into it');
  return secret;
};
