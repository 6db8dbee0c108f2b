// Brings a command's URIs into the sandbox (src/slave/containerizer/fetcher.cpp, src/launcher/fetcher.cpp).
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandInfo } from '../../generated/protocol.js';
import { extractArchive } from './archive.js';
import { download } from './download.js';
import { FetcherCache, type CacheFile } from './fetcher-cache.js';
import { uriBaseName, uriError } from './uri.js';

/** Why it could not be tried; the message begins as Mesos's. */
export class UriError extends Error {}

/** Which URI could not be fetched and why. */
export class FetchError extends Error {}

export interface FetchRequest {
  readonly uris: readonly CommandInfo.URI[];
  readonly sandbox: string;
  /** Each user has a cache of his own. */
  readonly user: string;
  readonly signal: AbortSignal;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One for each agent's process. */
export class Fetcher {
  private readonly cache: FetcherCache;

  constructor(cacheDirectory: string, cacheSizeBytes?: number) {
    this.cache = new FetcherCache(cacheDirectory, cacheSizeBytes);
  }

  /** @throws UriError, FetchError */
  async fetch({ uris, sandbox, user, signal }: FetchRequest): Promise<void> {
    const error = uris.map(uriError).find((one) => one !== undefined);
    if (error !== undefined) throw new UriError(`Could not fetch: ${error}`);
    for (const uri of uris)
      try {
        const cached = uri.cache === true ? await this.cache.get(uri.value, user, signal) : undefined;
        if (cached === undefined) await fetchInto(uri, sandbox, signal);
        else await this.fetchFromCache(uri, cached, sandbox);
      } catch (cause) {
        throw new FetchError(`Failed to fetch '${uri.value}': ${textOf(cause)}`, { cause });
      }
  }

  /** What is extracted leaves no archive in the sandbox. */
  private async fetchFromCache(uri: CommandInfo.URI, cached: CacheFile, sandbox: string): Promise<void> {
    try {
      if (uri.executable !== true && uri.extract !== false && (await extractArchive(cached.path, sandbox))) return;
      const destination = await destinationOf(uri, sandbox);
      await copyFile(cached.path, destination);
      if (uri.executable === true) await chmod(destination, 0o755);
    } finally {
      cached.release();
    }
  }
}

async function destinationOf(uri: CommandInfo.URI, sandbox: string): Promise<string> {
  const destination = join(sandbox, uri.output_file ?? uriBaseName(uri.value.trimStart()));
  // Mesos itself lets it out.
  if (!destination.startsWith(`${sandbox}/`)) throw new FetchError(`'${uri.output_file ?? ''}' is outside of the sandbox`);
  await mkdir(dirname(destination), { recursive: true });
  return destination;
}

async function fetchInto(uri: CommandInfo.URI, sandbox: string, signal: AbortSignal): Promise<void> {
  const destination = await destinationOf(uri, sandbox);
  await download(uri.value.trimStart(), destination, signal);
  if (uri.executable === true) await chmod(destination, 0o755);
  else if (uri.extract !== false) await extractArchive(destination, sandbox);
}
