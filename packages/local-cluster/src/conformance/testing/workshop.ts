// Builds the local cluster with a fault planted in memory, and starts it as a process of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, type BuildContext } from 'esbuild';
import { startClusterProcess, type ClusterProcess } from '../cluster-process.js';
import type { Mutant } from '../mutants/mutant.js';

const SOURCE = join(import.meta.dirname, '..', '..');

/** @throws Error when the text is not there exactly once: the mutant is stale */
export const plant = ({ file, replace, by }: Mutant, text: string): string => {
  const parts = text.split(replace);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${replace}`);
  return parts.join(by);
};

export class Workshop {
  private readonly directory = mkdtempSync(join(tmpdir(), 'local-cluster-conformance-'));
  private mutant: Mutant | undefined;
  private isPlanted = false;
  private building: Promise<unknown> = Promise.resolve();
  private esbuild: Promise<BuildContext> | undefined;
  private programs = 0;

  async start(flags: readonly string[], mutant?: Mutant): Promise<ClusterProcess> {
    const program = await this.build(mutant);
    const cluster = await startClusterProcess(program, flags);
    // It is loaded; hundreds of them would be much to remove in the end.
    rmSync(program);
    return cluster;
  }

  async close(): Promise<void> {
    await (await this.esbuild)?.dispose();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The path of a program. One after the other, so that they share the parsed rest. */
  private build(mutant?: Mutant): Promise<string> {
    const built = this.building.then(() => this.buildNow(mutant));
    this.building = built.catch(() => undefined);
    return built;
  }

  private async buildNow(mutant: Mutant | undefined): Promise<string> {
    this.mutant = mutant;
    this.isPlanted = false;
    this.esbuild ??= this.newContext();
    const { outputFiles } = await (await this.esbuild).rebuild();
    if (mutant !== undefined && !this.isPlanted) throw new Error(`${mutant.file} is no part of the program`);
    this.programs += 1;
    const program = join(this.directory, `program-${this.programs}.mjs`);
    writeFileSync(program, outputFiles?.[0]?.contents ?? '');
    return program;
  }

  private newContext(): Promise<BuildContext> {
    return context({
      entryPoints: [join(import.meta.dirname, 'cluster-program.ts')],
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
              this.isPlanted = true;
              return { contents: plant(this.mutant, readFileSync(path, 'utf8')), loader: 'ts' };
            }),
        },
      ],
    });
  }
}
