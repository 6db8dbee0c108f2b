#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.mjs', import.meta.url);

if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('streams-on-mesos is not built yet: run `npm run build` (or `make setup`) in its checkout\n');
  process.exitCode = 1;
}
