#!/usr/bin/env node
// What `npm pack` of packages/mesos needs: the program, and the types. Dependencies stay dependencies.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const workspace = join(top, 'packages/mesos');
const dist = join(workspace, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(top, 'scripts/generate-protocol.mjs')]);
execFileSync(process.execPath, [join(top, 'scripts/generate-codec.mjs')]);
await build({
  entryPoints: [join(workspace, 'src/index.ts'), join(workspace, 'src/wire-format.ts')],
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  keepNames: true,
  logLevel: 'warning',
});
execFileSync(join(top, 'node_modules/.bin/tsc'), ['-p', join(workspace, 'tsconfig.package.json')], { stdio: 'inherit' });
