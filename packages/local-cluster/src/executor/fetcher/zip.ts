// Reads zip files by their central directory (APPNOTE 6.3, sections 4.3 and 4.4): stored and deflated entries, modes, symbolic links.
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify<Buffer, Buffer>(inflateRaw);

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly headerAt: number;
  readonly mode: number;
}

function readDirectory(zip: Buffer): Entry[] {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('not a zip file');
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the zip file is damaged');
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      compressedSize: zip.readUInt32LE(at + 20),
      headerAt: zip.readUInt32LE(at + 42),
      mode: zip.readUInt32LE(at + 38) >>> 16,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

async function contentOf(zip: Buffer, entry: Entry): Promise<Buffer> {
  const start = entry.headerAt + 30 + zip.readUInt16LE(entry.headerAt + 26) + zip.readUInt16LE(entry.headerAt + 28);
  const packed = zip.subarray(start, start + entry.compressedSize);
  if (entry.method === STORED) return packed;
  if (entry.method === DEFLATED) return inflate(packed);
  throw new Error(`'${entry.name}' is packed with method ${entry.method}, only stored and deflated entries can be read`);
}

/** An entry that would land outside of the directory is an error. */
export async function extractZip(path: string, directory: string): Promise<void> {
  const zip = await readFile(path);
  for (const entry of readDirectory(zip)) {
    const target = join(directory, normalize(entry.name));
    if (!target.startsWith(`${directory}/`)) throw new Error(`'${entry.name}' is outside of the sandbox`);
    await mkdir(entry.name.endsWith('/') ? target : dirname(target), { recursive: true });
    if (entry.name.endsWith('/')) continue;
    const content = await contentOf(zip, entry);
    if ((entry.mode & FILE_TYPE) === SYMBOLIC_LINK) await symlink(content.toString('utf8'), target);
    else await writeFile(target, content, { mode: (entry.mode & 0o777) === 0 ? 0o644 : entry.mode & 0o777 });
  }
}
