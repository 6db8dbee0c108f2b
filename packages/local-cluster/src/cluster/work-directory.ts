// Where a cluster keeps its sandboxes: the directory that was named, or a temporary one of its own.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OptionError } from './options.js';

export interface WorkDirectory {
  readonly path: string;
  /** Nobody named it, so nothing may be left of it. */
  readonly isTemporary: boolean;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** One after the other: Node's recursive mkdir never ends where ENOENT is said although the parent is there, as below /proc. */
const makeDirectories = (path: string): void => {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  mkdirSync(path);
};

const namedDirectory = (given: string): string => {
  const path = resolve(given);
  try {
    makeDirectories(path);
    // Permissions say little: root may write everywhere, and can't in /proc.
    rmdirSync(mkdtempSync(join(path, 'probe-')));
  } catch (error) {
    throw new OptionError(
      `--work-dir: no directory can be made in '${given}' (${codeOf(error)}); name one that this user may write to, or leave it out for a temporary one`,
    );
  }
  return path;
};

/** @throws OptionError when nothing can be made there */
export const openWorkDirectory = (given: string | undefined): WorkDirectory => {
  if (given !== undefined) return { path: namedDirectory(given), isTemporary: false };
  try {
    return { path: mkdtempSync(join(tmpdir(), 'local-cluster-')), isTemporary: true };
  } catch (error) {
    throw new OptionError(
      `--work-dir: none is given, and no directory can be made in '${tmpdir()}' (${codeOf(error)}); name one that can, or set TMPDIR`,
    );
  }
};
