// Records as files of JSON lines (src/slave/state.hpp, checkpoint): one that is cut short by a crash is left out.
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordPath, RecordTree } from './record-tree.js';

const LONGEST_NAME = 200;

/** Ids are the framework's own words: any text makes one safe name. What counts is inside the records. */
export const fileName = (name: string): string => {
  const safe = encodeURIComponent(name).replace(/^\./, '%2E');
  return safe.length <= LONGEST_NAME ? safe : createHash('sha256').update(name).digest('hex');
};

const parse = (line: string): unknown[] => {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
};

export class FileRecords implements RecordTree {
  constructor(private readonly directory: string) {}

  write(path: RecordPath, record: unknown): void {
    const file = this.prepare(path);
    // Whoever reads finds the old one or the new one whole.
    writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`);
    renameSync(`${file}.new`, file);
  }

  append(path: RecordPath, record: unknown): void {
    appendFileSync(this.prepare(path), `${JSON.stringify(record)}\n`);
  }

  remove(path: RecordPath): void {
    rmSync(this.fileOf(path), { recursive: true, force: true });
  }

  read(path: RecordPath): unknown[] {
    try {
      return readFileSync(this.fileOf(path), 'utf8').split('\n').flatMap(parse);
    } catch {
      return [];
    }
  }

  list(path: RecordPath): string[] {
    try {
      return readdirSync(this.fileOf(path)).map(decodeURIComponent);
    } catch {
      return [];
    }
  }

  private fileOf(path: RecordPath): string {
    return join(this.directory, ...path.map(fileName));
  }

  private prepare(path: RecordPath): string {
    const file = this.fileOf(path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }
}
