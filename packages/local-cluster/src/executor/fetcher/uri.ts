// What Mesos makes of a URI to fetch (src/slave/containerizer/fetcher.cpp: basename, validateUri, validateOutputFile, uriToLocalPath).
import { basename } from 'node:path';
import type { CommandInfo } from '../../generated/protocol.js';

const baseNameOrError = (uri: string): { readonly name: string } | { readonly error: string } => {
  if (/[\\'\0]/.test(uri)) return { error: 'Illegal characters in URI' };
  const index = uri.indexOf('://');
  if (index <= 1) return { name: basename(uri) };
  // A query belongs to the name here, as it does in Mesos.
  const path = uri.slice(index + 3);
  const slash = path.indexOf('/');
  if (slash === -1 || path.length <= slash + 1) return { error: `Malformed URI (missing path): ${uri}` };
  return { name: path.slice(path.lastIndexOf('/') + 1) };
};

/** The name in the sandbox of what a valid URI stands for. */
export const uriBaseName = (uri: string): string => {
  const result = baseNameOrError(uri);
  return 'name' in result ? result.name : '';
};

/** Why nothing can be fetched at all. */
export const uriError = ({ value, output_file }: CommandInfo.URI): string | undefined => {
  const result = baseNameOrError(value);
  if ('error' in result) return result.error;
  if (output_file === '') return 'URI output file path is empty';
  return output_file?.startsWith('/') === true ? 'URI output file must be within the sandbox directory' : undefined;
};

/** undefined: it is not a file of this machine. @throws when its path is relative */
export const localPathOf = (uri: string): string | undefined => {
  if (uri.startsWith('file://')) {
    const path = uri.slice('file://'.length).replace(/^localhost/, '');
    if (!path.startsWith('/')) throw new Error('File URI only supports absolute paths');
    // Taken as it is: Mesos knows no escapes here.
    return path;
  }
  if (uri.includes('://')) return undefined;
  if (!uri.startsWith('/'))
    throw new Error(
      'A relative path was passed for the resource but the Mesos framework home was not specified. ' +
        'Please either provide this config option or avoid using a relative path',
    );
  return uri;
};
