// What the generators share: reading .proto files, and writing what is made of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const searchPath = ['packages/mesos/proto', 'packages/messages/proto', 'packages/local-cluster/proto'];

/** The types of a .proto file (or several), with all that they import, names as written there. */
export const loadProto = (entry) => {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => {
    const found = searchPath.map((dir) => join(top, dir, target)).find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${target} is in none of ${searchPath.join(', ')}`);
    return found;
  };
  root.loadSync(entry, { keepCase: true });
  root.resolveAll();
  return root;
};

/** A file that says already what it shall say is left alone, so that nothing is built anew for it. */
export const writeGenerated = (name, text) => {
  const path = join(top, name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
};
