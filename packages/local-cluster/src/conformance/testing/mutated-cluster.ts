// Builds the local cluster with a fault planted in memory, and starts it as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, type BuildContext } from 'esbuild';
import type { Mutant } from '../mutants/mutant.js';

const SOURCE = join(import.meta.dirname, '..', '..');
const START_MS = 30_000;

/** @throws Error when the text is not there exactly once: the mutant is stale */
export const plant = ({ file, replace, by }: Mutant, text: string): string => {
  const parts = text.split(replace);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${replace}`);
  return parts.join(by);
};

export class Workshop {
  private readonly directory = mkdtempSync(join(tmpdir(), 'local-cluster-conformance-'));
  private mutant: Mutant | undefined;
  private building: Promise<unknown> = Promise.resolve();
  private esbuild: Promise<BuildContext> | undefined;
  private programs = 0;

  /** The path of a program with the fault, or without any. One after the other: they share the parsed rest. */
  build(mutant?: Mutant): Promise<string> {
    const built = this.building.then(() => this.buildNow(mutant));
    this.building = built.catch(() => undefined);
    return built;
  }

  async start(program: string, args: readonly string[]): Promise<RunningCluster> {
    const workDir = mkdtempSync(join(this.directory, 'work-'));
    const child = spawn(process.execPath, [program, '--port', '0', '--work-dir', workDir, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(child, 'exit');
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the cluster ${why}: ${output.slice(-2000)}`));
      const timer = setTimeout(() => fail('is not ready in time'), START_MS);
      const read = (chunk: Buffer): void => {
        output += chunk.toString('utf8');
        const found = /"url":"(http:[^"]+)"/.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void exited.then(() => fail('ended'));
    });
    return {
      url,
      stop: async () => {
        child.kill('SIGTERM');
        const stopped = await Promise.race([exited.then(() => true), new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
        if (stopped !== true) child.kill('SIGKILL');
        await exited;
      },
    };
  }

  async close(): Promise<void> {
    await (await this.esbuild)?.dispose();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async buildNow(mutant: Mutant | undefined): Promise<string> {
    this.mutant = mutant;
    this.esbuild ??= context({
      entryPoints: [join(SOURCE, 'main.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      conditions: ['source'],
      banner: { js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);" },
      logLevel: 'silent',
      plugins: [
        {
          name: 'plant',
          setup: ({ onLoad }) =>
            onLoad({ filter: /\.ts$/ }, ({ path }) => {
              if (this.mutant === undefined || path !== join(SOURCE, this.mutant.file)) return undefined;
              this.planted = true;
              return { contents: plant(this.mutant, readFileSync(path, 'utf8')), loader: 'ts' };
            }),
        },
      ],
    });
    this.planted = false;
    const { outputFiles } = await (await this.esbuild).rebuild();
    if (mutant !== undefined && !this.planted) throw new Error(`${mutant.file} is no part of the program`);
    this.programs += 1;
    const program = join(this.directory, `program-${this.programs}.mjs`);
    writeFileSync(program, outputFiles?.[0]?.contents ?? '');
    return program;
  }

  private planted = false;
}

export interface RunningCluster {
  /** http://host:port */
  readonly url: string;
  stop(): Promise<void>;
}
