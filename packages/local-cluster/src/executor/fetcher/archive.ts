// Unpacks what Mesos's fetcher unpacks, by the name's ending (src/launcher/fetcher.cpp, extract).
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract as extractTar } from 'tar';
import { extractZip } from './zip.js';

const hasEnding = (path: string, ...endings: string[]): boolean => endings.some((ending) => path.endsWith(ending));

/** @returns whether it was one: a file with another ending is left as it is */
export async function extractArchive(path: string, directory: string): Promise<boolean> {
  if (hasEnding(path, '.tar', '.tgz', '.tar.gz')) await extractTar({ file: path, cwd: directory, preservePaths: false });
  else if (hasEnding(path, '.tbz2', '.tar.bz2', '.txz', '.tar.xz')) await promisify(execFile)('tar', ['-xf', path, '-C', directory]);
  else if (hasEnding(path, '.zip')) await extractZip(path, directory);
  else if (hasEnding(path, '.gz'))
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(join(directory, basename(path).slice(0, -3))));
  else return false;
  return true;
}
