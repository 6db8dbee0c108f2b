// A directory's entry as /files/browse shows it (src/common/http.cpp, model of FileInfo).
import { constants } from 'node:fs';
import type { FileInfo } from '../generated/protocol.js';

const KINDS: ReadonlyMap<number, string> = new Map([
  [constants.S_IFDIR, 'd'],
  [constants.S_IFCHR, 'c'],
  [constants.S_IFBLK, 'b'],
  [constants.S_IFIFO, 'p'],
  [constants.S_IFLNK, 'l'],
  [constants.S_IFSOCK, 's'],
]);

/** `drwxr-x---` */
const modeText = (mode: number): string =>
  (KINDS.get(mode & constants.S_IFMT) ?? '-') +
  [...'rwxrwxrwx'].map((letter, index) => ((mode & (0o400 >> index)) === 0 ? '-' : letter)).join('');

export const fileView = ({ path, nlink, size, mtime, mode = 0, uid, gid }: FileInfo): Readonly<Record<string, unknown>> => ({
  path,
  nlink,
  size,
  mtime: (mtime?.nanoseconds ?? 0) / 1_000_000_000,
  mode: modeText(mode),
  uid,
  gid,
});
