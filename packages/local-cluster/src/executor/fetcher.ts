// Brings a command's URIs into the sandbox (src/launcher/fetcher.cpp). The fetcher cache is not imitated: every task fetches anew.
import { createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { CommandInfo } from '../generated/protocol.js';
import { extractArchive } from './archive.js';

/** Says which URI could not be fetched and why. */
export class FetchError extends Error {}

const STALL_TIMEOUT_MS = 60_000;

/** The last part of the path: the name in the sandbox. */
const baseName = (uri: string): string => {
  const path = /^[a-z]+:\/\//i.test(uri) ? uri.slice(uri.indexOf('://') + 3).split(/[?#]/, 1)[0] : uri;
  const name = path?.slice(path.lastIndexOf('/') + 1) ?? '';
  if (name === '' || name === '.' || name === '..') throw new FetchError('Malformed URI (missing path)');
  return name;
};

const localPath = (uri: string): string | undefined => {
  if (uri.startsWith('file://'))
    return uri.startsWith('file:///') ? fileURLToPath(uri) : fileURLToPath(`file:///${uri.slice(uri.indexOf('/', 7) + 1)}`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return undefined;
  if (!uri.startsWith('/'))
    throw new FetchError('A relative path was passed for the resource but the Mesos framework home was not specified');
  return uri;
};

async function download(uri: string, destination: string, signal: AbortSignal): Promise<void> {
  if (!/^https?:\/\//i.test(uri)) throw new FetchError('only file, http and https are supported');
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(new FetchError(`no data for ${STALL_TIMEOUT_MS / 1000} s`)), STALL_TIMEOUT_MS);
  try {
    const response = await fetch(uri, { signal: AbortSignal.any([signal, stalled.signal]) });
    if (response.status !== 200) throw new FetchError(`Error downloading resource, received HTTP return code ${response.status}`);
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new FetchError(`no data for ${STALL_TIMEOUT_MS / 1000} s`)), STALL_TIMEOUT_MS);
    });
    await pipeline(body, createWriteStream(destination));
  } finally {
    clearTimeout(timer);
  }
}

async function fetchOne(uri: CommandInfo.URI, sandbox: string, signal: AbortSignal): Promise<void> {
  const source = uri.value.trimStart();
  const destination = join(sandbox, uri.output_file ?? baseName(source));
  if (!destination.startsWith(`${sandbox}/`)) throw new FetchError(`'${uri.output_file ?? ''}' is outside of the sandbox`);
  await mkdir(dirname(destination), { recursive: true });
  const local = localPath(source);
  if (local !== undefined) await copyFile(local, destination);
  else await download(source, destination, signal);
  if (uri.executable === true) await chmod(destination, 0o755);
  else if (uri.extract !== false) await extractArchive(destination, sandbox);
}

/** @throws FetchError naming the URI */
export async function fetchUris(uris: readonly CommandInfo.URI[], sandbox: string, signal: AbortSignal): Promise<void> {
  for (const uri of uris)
    try {
      await fetchOne(uri, sandbox, signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FetchError(`Failed to fetch '${uri.value}': ${reason}`, { cause: error });
    }
}
