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

/** The nearest directory above that has the lock file of all workspaces: bundles lie at different depths. */
const checkoutAround = (directory: string): string => {
  if (existsSync(join(directory, 'package-lock.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory)
    throw new Error(`${fileURLToPath(import.meta.url)} lies in no checkout of this project: run it where it was built`);
  return checkoutAround(parent);
};

/** The checkout that this program was started from. */
export const checkout = checkoutAround(dirname(fileURLToPath(import.meta.url)));

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
  /** Removes what is in it, but not the note whose it is. */
  clear(): void;
  remove(): void;
}

const OWNER_FILE = 'owner.json';
const ownerFile = (path: string) => join(path, OWNER_FILE);

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
  clear: () => {
    for (const name of readdirSync(path)) if (name !== OWNER_FILE) rmSync(join(path, name), { recursive: true, force: true });
  },
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

/** @throws when another living process has claimed the run */
export const assertUnclaimed = ({ path }: RunDirectory): void => {
  const owner = ownerOf(path);
  if (owner !== undefined && isSameProcess(owner)) {
    throw new Error(`another command (pid ${owner.pid}) is just starting this environment: wait for it, or end it with \`make stopMesos\``);
  }
};

/**
 * Makes a run this process's own until the returned function is called: if the process is killed meanwhile, the next run of
 * this checkout clears up after it. @throws when another living process has claimed it
 */
export const claim = (run: RunDirectory): (() => void) => {
  assertUnclaimed(run);
  const { path } = run;
  writeFileSync(ownerFile(path), JSON.stringify(identityOf(process.pid)));
  return () => rmSync(ownerFile(path), { force: true });
};

/** Ends the command that has claimed a run, and lets it clear up; nothing when there is none. */
export const endOwner = async ({ path }: RunDirectory): Promise<void> => {
  const owner = ownerOf(path);
  if (owner !== undefined && owner.pid !== process.pid && isSameProcess(owner)) await endProcess(owner, 60_000);
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
