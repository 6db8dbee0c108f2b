import { closeSync, openSync, readSync } from 'node:fs';
import { ConfigurationError } from './configuration-error.js';

const MAX_BYTES = 64 * 1024;

/** The start of a file, so that a wrong path such as a device cannot fill the memory. */
const readStart = (path: string): Buffer => {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
};

/**
 * The secret that a file holds, without a line break at its end. `field` is the setting that names the file.
 *
 * @throws ConfigurationError when it cannot be read, is empty, or is larger than 64 KiB
 */
export const readSecretFile = (field: string, path: string): string => {
  let bytes: Buffer;
  try {
    bytes = readStart(path);
  } catch (error) {
    throw new ConfigurationError(
      field,
      path,
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}); name a readable file`,
    );
  }
  if (bytes.length > MAX_BYTES)
    throw new ConfigurationError(field, path, 'the file is larger than 64 KiB; name one that holds only the secret');
  const secret = bytes.toString('utf8').replace(/(\r?\n)+$/, '');
  if (secret === '') throw new ConfigurationError(field, path, 'the file is empty; write the secret into it');
  return secret;
};
