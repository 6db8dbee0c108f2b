import manifest from '../package.json' with { type: 'json' };
import { run } from './run.js';

// A reader that has seen enough (`… | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { env, stdin, stdout, stderr } = process;
const code = await run(process.argv.slice(2), { version: manifest.version, env, stdin, stdout, stderr });
process.exitCode ||= code;
