#!/usr/bin/env node
// Bundles each program into one file, dist/main.mjs of its workspace, and each service also into a tarball that Mesos's
// fetcher can unpack into a sandbox: a program that needs nothing of this checkout but Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const services = ['offer-service', 'allocation-service', 'streams-bridge'];
const tools = ['bench', 'packages/cli', 'packages/local-cluster', 'packages/local-marathon', 'packages/local-environment'];

/** bench/ is no workspace: its files lie in it directly. */
const sourceOf = (workspace) => join(top, workspace, workspace === 'bench' ? 'main.ts' : 'src/main.ts');

const bundle = (workspace) =>
  build({
    entryPoints: [sourceOf(workspace)],
    outfile: join(top, workspace, 'dist/main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    keepNames: true,
    legalComments: 'none',
    // Express, amqplib and pino are CommonJS and call require() for Node's own modules.
    banner: { js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);" },
    logLevel: 'warning',
  });

/** `dist/artifacts/<service>-<hash of the program>.tgz`: the name changes with the content, so that no cache serves an old one. */
const pack = (service, artifacts) => {
  const program = readFileSync(join(top, service, 'dist/main.mjs'));
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 12);
  const stage = mkdtempSync(join(tmpdir(), 'streams-on-mesos-'));
  try {
    mkdirSync(join(stage, service));
    cpSync(join(top, service, 'dist/main.mjs'), join(stage, service, 'main.mjs'));
    const tarball = join(artifacts, `${service}-${hash}.tgz`);
    execFileSync('tar', ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '-czf', tarball, '-C', stage, service]);
    return [service, `${service}-${hash}.tgz`];
  } finally {
    rmSync(stage, { recursive: true });
  }
};

const present = (workspace) => existsSync(sourceOf(workspace));
await Promise.all([...services, ...tools].filter(present).map(bundle));

const artifacts = join(top, 'dist/artifacts');
mkdirSync(artifacts, { recursive: true });
const packed = Object.fromEntries(services.filter(present).map((service) => pack(service, artifacts)));
for (const file of readdirSync(artifacts)) {
  if (file !== 'index.json' && !Object.values(packed).includes(file)) rmSync(join(artifacts, file));
}
writeFileSync(join(artifacts, 'index.json'), `${JSON.stringify(packed, null, 2)}\n`);
console.log(`built ${Object.values(packed).join(', ') || 'no service yet'}`);
