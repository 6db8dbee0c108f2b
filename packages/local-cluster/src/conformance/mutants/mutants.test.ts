import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plant } from '../testing/workshop.js';
import { allMutants } from './all-mutants.js';

const SOURCE = join(import.meta.dirname, '..', '..');

// The suite itself finds it out, too, some minutes later.
it.each(allMutants.map((mutant) => [mutant.file, mutant] as const))('a fault planted in %s has its place there', (file, mutant) => {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  expect(plant(mutant, text)).not.toBe(text);
});
