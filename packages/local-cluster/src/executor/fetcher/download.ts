// Gets one URI: files of this machine, http and https (src/launcher/fetcher.cpp, download; stout's net.hpp).
import { createWriteStream } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { localPathOf } from './uri.js';

/** The agent's --fetcher_stall_timeout. */
const STALL_TIMEOUT_MS = 60_000;

const isWeb = (uri: string): boolean => uri.startsWith('http://') || uri.startsWith('https://');

/** @throws saying why */
export async function download(uri: string, destination: string, signal: AbortSignal): Promise<void> {
  const local = localPathOf(uri);
  if (local !== undefined) return copyFile(local, destination);
  if (!isWeb(uri)) throw new Error('Failed to create HDFS client: the local cluster fetches files, http and https only');
  const stalled = new AbortController();
  const giveUp = (): void => stalled.abort(new Error('Error downloading resource: Timeout was reached'));
  let timer = setTimeout(giveUp, STALL_TIMEOUT_MS);
  try {
    const response = await fetch(uri, { signal: AbortSignal.any([signal, stalled.signal]) });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`Error downloading resource, received HTTP return code ${response.status}`);
    }
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, STALL_TIMEOUT_MS);
    });
    await pipeline(body, createWriteStream(destination));
  } finally {
    clearTimeout(timer);
  }
}

/** How large it will be. @throws when nobody says, or it is empty */
export async function sizeOf(uri: string, signal: AbortSignal): Promise<number> {
  const local = localPathOf(uri);
  if (local !== undefined) return (await stat(local)).size;
  if (!isWeb(uri)) throw new Error('Hadoop client could not determine size');
  const length = (await fetch(uri, { method: 'HEAD', signal })).headers.get('content-length');
  if (length === null) throw new Error('No URL content-length available');
  if (Number(length) === 0) throw new Error(`URI reported content-length 0: ${uri}`);
  return Number(length);
}
