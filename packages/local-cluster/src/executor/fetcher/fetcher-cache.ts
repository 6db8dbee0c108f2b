// What was fetched with `cache`, kept for the next task that asks for the same (src/slave/containerizer/fetcher.cpp, Cache).
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { download, sizeOf } from './download.js';
import { uriBaseName } from './uri.js';

export interface CacheFile {
  readonly path: string;
  /** It isn't read any more and may be evicted. */
  release(): void;
}

interface Entry {
  readonly path: string;
  /** Settles with its download; false: it can't be kept. */
  complete: Promise<boolean>;
  isComplete: boolean;
  size: number;
  references: number;
}

/** src/slave/constants.hpp, DEFAULT_FETCHER_CACHE_SIZE. */
const DEFAULT_SIZE_BYTES = 2 * 1024 ** 3;

/** Longer names are shortened, so that the file's always fits. */
const shortName = (name: string): string => (name.length > 20 ? `${name.slice(0, 10)}_${name.slice(-10)}` : name);

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export class FetcherCache {
  /** In the order of their use. */
  private readonly entries = new Map<string, Entry>();
  private serial = 0;
  private emptied: Promise<void> | undefined;

  constructor(
    private readonly directory: string,
    private readonly sizeBytes: number = DEFAULT_SIZE_BYTES,
  ) {}

  /** undefined: it has to be fetched without the cache. @throws when its download fails */
  async get(uri: string, user: string, signal: AbortSignal): Promise<CacheFile | undefined> {
    // What an earlier process of the agent left counts no more.
    await (this.emptied ??= rm(this.directory, { recursive: true, force: true }));
    const key = `${user}@${uri}`;
    const known = this.entries.get(key);
    if (known !== undefined && (!known.isComplete || (await isThere(known.path)))) return this.use(key, known);
    const entry = this.create(uri, user);
    this.entries.set(key, entry);
    entry.references += 1;
    const fetched = this.fill(entry, uri.trimStart(), signal);
    entry.complete = fetched.catch(() => false);
    try {
      if (await fetched) return this.handOut(entry);
      this.entries.delete(key);
      return undefined;
    } catch (error) {
      this.entries.delete(key);
      await rm(entry.path, { force: true });
      throw error;
    }
  }

  private async use(key: string, entry: Entry): Promise<CacheFile | undefined> {
    entry.references += 1;
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (await entry.complete) return this.handOut(entry);
    return undefined;
  }

  private handOut(entry: Entry): CacheFile {
    return { path: entry.path, release: () => void (entry.references -= 1) };
  }

  private create(uri: string, user: string): Entry {
    this.serial += 1;
    const path = join(this.directory, user, `c${this.serial}-${shortName(uriBaseName(uri))}`);
    return { path, complete: Promise.resolve(false), isComplete: false, size: 0, references: 0 };
  }

  /** @returns false: it can't be kept */
  private async fill(entry: Entry, uri: string, signal: AbortSignal): Promise<boolean> {
    const size = await sizeOf(uri, signal).catch(() => undefined);
    if (size === undefined || !(await this.reserve(size))) return false;
    entry.size = size;
    await mkdir(join(entry.path, '..'), { recursive: true });
    await download(uri, entry.path, signal);
    entry.size = (await stat(entry.path)).size;
    entry.isComplete = true;
    return true;
  }

  /** Evicts what was not used for longest, if that is enough. */
  private async reserve(size: number): Promise<boolean> {
    let missing = this.used() + size - this.sizeBytes;
    const victims: [string, Entry][] = [];
    for (const [key, entry] of this.entries) {
      if (missing <= 0) break;
      if (entry.references > 0) continue;
      victims.push([key, entry]);
      missing -= entry.size;
    }
    if (missing > 0) return false;
    for (const [key] of victims) this.entries.delete(key);
    await Promise.all(victims.map(([, { path }]) => rm(path, { force: true })));
    return true;
  }

  private used(): number {
    return [...this.entries.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
