import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  readonly file: string;
  readonly directory: string;
  remove(): void;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Makes a file of this directory into one that plain Node runs, for tests that need a process of its own. */
export const bundle = async (entry: string): Promise<Bundle> => {
  const directory = mkdtempSync(join(tmpdir(), 'service-test-'));
  const file = join(directory, 'main.mjs');
  await build({
    entryPoints: [here(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    // CommonJS packages call require() for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return { file, directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};
