import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OptionError } from './options.js';
import { openWorkDirectory } from './work-directory.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'work-directory-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the work directory', () => {
  it('is made with its parents, and nothing is left of the trial whether it can be used', () => {
    const path = join(directory, 'a', 'b');
    expect(openWorkDirectory(path)).toEqual({ path, isTemporary: false });
    expect(openWorkDirectory(path)).toEqual({ path, isTemporary: false });
    expect(readdirSync(path)).toEqual([]);
  });

  it('is a temporary one unless it is named', () => {
    const { path, isTemporary } = openWorkDirectory(undefined);
    expect(isTemporary).toBe(true);
    expect(existsSync(path)).toBe(true);
    rmSync(path, { recursive: true });
  });

  it.each(['/proc', '/proc/no/such', '/sys/no', '/dev/null', '/dev/null/below'])('%s is refused, with flag, value and remedy', (path) => {
    expect(() => openWorkDirectory(path)).toThrow(OptionError);
    expect(() => openWorkDirectory(path)).toThrow(
      new RegExp(`^--work-dir: no directory can be made in '${path}' \\(E[A-Z]+\\); name one that`),
    );
  });

  it('a temporary one that can not be made is refused', () => {
    const before = process.env['TMPDIR'];
    const file = join(directory, 'file');
    writeFileSync(file, '');
    process.env['TMPDIR'] = file;
    try {
      expect(() => openWorkDirectory(undefined)).toThrow(
        /^--work-dir: none is given, and no directory can be made in '.*file' \(ENOTDIR\)/,
      );
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});
