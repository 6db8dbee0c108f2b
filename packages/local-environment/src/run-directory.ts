import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from './part.js';
import { identityOf, isSameProcess, processesOfRun, type ProcessIdentity } from './processes.js';

/** The checkout that this program was started from. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * Where this checkout's runs are: `.run`, a link into the user's state directory. What runs goes on when the checkout is
 * moved or removed, so nothing that runs may lie inside it.
 */
export const runRoot = (): string => {
  const link = join(checkout, '.run');
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
    const home = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
    const parent = join(home, 'streams-on-mesos');
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    symlinkSync(mkdtempSync(join(parent, 'run-')), link);
  }
  // A link whose directory somebody removed.
  if (!existsSync(link)) mkdirSync(readlinkSync(link), { recursive: true, mode: 0o700 });
  return realpathSync(link);
};

export interface RunDirectory {
  readonly path: string;
  /** Ends every process of the run, whoever its parent is by now. */
  sweep(): Promise<void>;
  remove(): void;
}

const ownerFile = (path: string) => join(path, 'owner.json');

const sweepDirectory = async (path: string): Promise<void> => {
  // Twice: what is starting while the first list is read shows up in the second.
  for (let round = 0; round < 2; round++) {
    await Promise.all(
      processesOfRun(path)
        .filter(({ pid }) => pid !== process.pid)
        .map((found) => endProcess(found, 2_000)),
    );
  }
};

/** A run by its path, as another process of ours was told it. */
export const openRun = (path: string): RunDirectory => ({
  path,
  sweep: () => sweepDirectory(path),
  remove: () => rmSync(path, { recursive: true, force: true }),
});

/** The run that outlives the command that started it (`make startMesos`, `make demo KEEP=1`). */
export const keptRun = (): RunDirectory => {
  const path = join(runRoot(), 'main');
  mkdirSync(path, { recursive: true });
  return openRun(path);
};

/** A run that belongs to this process: if the process dies, the next run of this checkout clears up after it. */
export const ownRun = (kind: string): RunDirectory => {
  const path = mkdtempSync(join(runRoot(), `${kind}-`));
  writeFileSync(ownerFile(path), JSON.stringify(identityOf(process.pid)));
  return openRun(path);
};

const ownerOf = (path: string): ProcessIdentity | undefined => {
  try {
    return JSON.parse(readFileSync(ownerFile(path), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
};

/** Ends and removes what runs left behind whose owner was killed. Returns their directories. */
export const sweepLeftovers = async (): Promise<string[]> => {
  const root = runRoot();
  const swept: string[] = [];
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    const owner = ownerOf(path);
    if (owner === undefined || isSameProcess(owner)) continue;
    await sweepDirectory(path);
    rmSync(path, { recursive: true, force: true });
    swept.push(path);
  }
  return swept;
};
