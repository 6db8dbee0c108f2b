import { build } from 'esbuild';

/** Bundles the TypeScript program `entry` into the file `outfile`, which plain Node runs: as scripts/bundle.mjs does for production. */
export const bundleProgram = async (entry: string, outfile: string): Promise<void> => {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    keepNames: true,
    // Express, amqplib and pino are CommonJS and call require() for Node's own modules.
    banner: { js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);" },
    logLevel: 'warning',
  });
};
