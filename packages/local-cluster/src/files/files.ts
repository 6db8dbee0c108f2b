// Reads directories and files below the roots that a process shows, and nothing else (src/files/files.cpp).
import { constants, type Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileInfo } from '../generated/protocol.js';
import { groupName, userName } from './names.js';

/** Which directories are shown, under which virtual paths (`Files::attach`). */
export interface FileRoots {
  /** Nothing outside of it is ever shown, wherever the roots themselves lead. */
  readonly boundary: string;
  /** The directory of this virtual path; undefined: there is none. */
  find(virtualPath: string): string | undefined;
  /** virtual path → directory */
  all(): Promise<Readonly<Record<string, string>>>;
}

/** A process that shows nothing: without --log_dir a master has no file to show. */
export const noFiles: FileRoots = { boundary: '/dev/null', find: () => undefined, all: async () => ({}) };

export class FilesError extends Error {
  constructor(
    readonly kind: 'invalid' | 'not-found' | 'unknown',
    message = '',
  ) {
    super(message);
  }
}

export interface FilePart {
  /** Of the whole file. */
  readonly size: number;
  readonly data: Buffer;
}

/** os::pagesize() * 16: no answer is longer. */
const LONGEST_READ = 4096 * 16;

const realPath = async (path: string): Promise<string | undefined> => {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new FilesError('invalid', `Failed to determine canonical path of '${path}': ${(error as Error).message}.\n`);
  }
};

const isWithin = (path: string, directory: string): boolean => path === directory || path.startsWith(directory + sep);

const infoOf = async (path: string, { nlink, size, mtimeMs, mode, uid, gid }: Stats): Promise<FileInfo> => ({
  path,
  nlink,
  size,
  mtime: { nanoseconds: Math.floor(mtimeMs / 1000) * 1_000_000_000 },
  mode,
  uid: await userName(uid),
  gid: await groupName(gid),
});

export class Files {
  constructor(private readonly roots: FileRoots) {}

  attached(): Promise<Readonly<Record<string, string>>> {
    return this.roots.all();
  }

  /** Of a file: no entries. @throws FilesError */
  async browse(virtualPath: string): Promise<FileInfo[]> {
    const directory = await this.resolve(virtualPath);
    const entries = await readdir(directory).catch(() => []);
    const infos: FileInfo[] = [];
    for (const entry of entries.sort()) {
      const stats = await stat(join(directory, entry)).catch(() => undefined);
      if (stats !== undefined) infos.push(await infoOf(join(virtualPath, entry), stats));
    }
    return infos;
  }

  /** @throws FilesError */
  async read(virtualPath: string, offset: number, length: number | undefined): Promise<FilePart> {
    const path = await this.file(virtualPath, 'Cannot read a directory.\n');
    // A pipe that nobody writes to must not hold the request up.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
      throw new FilesError('unknown', `Failed to open file at '${path}': ${error.message}.\n`);
    });
    try {
      const stats = await file.stat();
      if (stats.isFIFO() || stats.isSocket()) throw new FilesError('unknown', `Failed to open file at '${path}': Illegal seek.\n`);
      const { size } = stats;
      if (offset >= size || length === 0) return { size, data: Buffer.alloc(0) };
      const wanted = Math.min(length ?? size - offset, size - offset, LONGEST_READ);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, offset);
      return { size, data: buffer.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  }

  /** The real path of a file. @throws FilesError */
  async file(virtualPath: string, ifDirectory: string): Promise<string> {
    const path = await this.resolve(virtualPath);
    if ((await stat(path)).isDirectory()) throw new FilesError('invalid', ifDirectory);
    return path;
  }

  /** The longest beginning that is a root counts; what symbolic links lead out of it is not shown. */
  private async resolve(virtualPath: string): Promise<string> {
    const tokens = virtualPath.replace(/\/+$/, '').split('/');
    for (let length = tokens.length; length > 0; length -= 1) {
      const found = this.roots.find(tokens.slice(0, length).join('/'));
      const root = found === undefined ? undefined : await realPath(found);
      if (root === undefined) continue;
      const wanted = join(root, tokens.slice(length).join(sep));
      const path = await realPath(wanted);
      if (path === undefined) break;
      if (!isWithin(path, root) || !isWithin(root, (await realPath(this.roots.boundary)) ?? ''))
        throw new FilesError('invalid', `'${wanted}' is inaccessible.\n`);
      return path;
    }
    throw new FilesError('not-found');
  }
}
