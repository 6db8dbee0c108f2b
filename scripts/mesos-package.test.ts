// packages/mesos as others get it: packed, installed elsewhere, and running the framework of its README on a cluster.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalCluster } from '@streams-on-mesos/local-cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const top = join(import.meta.dirname, '..');
const workspace = join(top, 'packages/mesos');
const elsewhere = mkdtempSync(join(tmpdir(), 'mesos-package-'));
const modules = join(elsewhere, 'node_modules');
const installed = join(modules, '@streams-on-mesos/mesos');

/** The repository's own copies, so that no test depends on a registry. */
const linkDependencies = (names: readonly string[]): void => {
  for (const name of names) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(top, 'node_modules', name), join(modules, name));
  }
};

const readmeFramework = (): string => {
  const program = /```ts\n(.*?)```/s.exec(readFileSync(join(installed, 'README.md'), 'utf8'))?.[1];
  return program ?? expect.fail('the README shows no program');
};

describe('the npm package of packages/mesos', () => {
  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', elsewhere], { cwd: workspace });
    const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(elsewhere, filename), '-C', installed, '--strip-components', '1']);
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    linkDependencies([...Object.keys(dependencies), '@types/node', 'undici-types']);
    writeFileSync(join(elsewhere, 'package.json'), '{ "type": "module" }');
    for (const file of ['framework.ts', 'hello.mjs']) writeFileSync(join(elsewhere, file), readmeFramework());
  }, 120_000);
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  it('has types by which the framework of its README is right', async () => {
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--noEmit', '--types', 'node', 'framework.ts'];
    await expect(run(join(top, 'node_modules/.bin/tsc'), options, { cwd: elsewhere })).resolves.toBeDefined();
  }, 60_000);

  it('runs that framework as it is printed: its task is launched, finishes, and the framework ends', async () => {
    const workDir = mkdtempSync(join(tmpdir(), 'mesos-package-cluster-'));
    const cluster = await startLocalCluster({ agents: 1, workDir });
    try {
      const { stdout } = await run(process.execPath, ['hello.mjs', cluster.address], { cwd: elsewhere, timeout: 30_000 });
      expect(stdout).toContain(`{ result: 'sent' }`);
    } finally {
      await cluster.stop();
      rmSync(workDir, { recursive: true, force: true });
    }
  }, 60_000);
});
