import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, type RunDirectory } from './run-directory.js';

/**
 * Copies the built tarballs to where the agents fetch them from. Returns their names by the variables that the app JSONs
 * use, e.g. OFFER_SERVICE_TARBALL; a name changes with the content.
 */
export const publishArtifacts = (run: RunDirectory): Record<string, string> => {
  const built = join(checkout, 'dist', 'artifacts');
  cpSync(built, join(run.path, 'artifacts'), { recursive: true });
  return tarballVariables();
};

/** The names of the built tarballs by the variables that the app JSONs use. */
export const tarballVariables = (): Record<string, string> => {
  const index = JSON.parse(readFileSync(join(checkout, 'dist', 'artifacts', 'index.json'), 'utf8')) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(index).map(([service, file]) => [`${service.toUpperCase().replaceAll('-', '_')}_TARBALL`, file]),
  );
};
