import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AppDefinition } from '../domain/app-definition.js';
import type { Deployment } from '../domain/deployment.js';
import { unchecked } from '../domain/health.js';
import { emptyState, type State, type TaskFailure } from '../domain/state.js';
import type { Task } from '../domain/task.js';

const version = 1;

/** A state file that can't be used; the message says what to do. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

const content = z.object({
  version: z.literal(version),
  frameworkId: z.string().optional(),
  seed: z.uuid(),
  idsGiven: z.int(),
  lastVersion: z.int(),
  apps: z.array(z.looseObject({ id: z.string(), version: z.string(), lastConfigChangeAt: z.string(), instances: z.int() })),
  tasks: z.array(
    z.looseObject({ id: z.string(), appId: z.string(), state: z.string(), agentId: z.string(), healthChecks: z.array(z.unknown()) }),
  ),
  failures: z.array(z.looseObject({ appId: z.string() })),
  deployments: z.array(z.looseObject({ id: z.string(), actions: z.array(z.unknown()) })),
});

/** The state as it was saved, or undefined when there is no such file. Throws StateFileError. */
export function loadState(path: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StateFileError(`--state-file ${path} can't be read: ${String(error)}`);
  }
  try {
    return toState(content.parse(JSON.parse(text)));
  } catch (error) {
    // A syntax error quotes the text, which may hold secrets.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON';
    throw new StateFileError(
      `--state-file ${path} holds no state of local-marathon: ${why}\nMove it away to start anew, or name another file.`,
    );
  }
}

/** What we wrote ourselves is trusted beyond the shape that was checked. */
function toState(saved: z.infer<typeof content>): State {
  const apps = saved.apps as unknown as AppDefinition[];
  const tasks = saved.tasks as unknown as Omit<Task, 'health'>[];
  const failures = saved.failures as unknown as TaskFailure[];
  return {
    ...emptyState(saved.seed),
    frameworkId: saved.frameworkId,
    idsGiven: saved.idsGiven,
    lastVersion: saved.lastVersion,
    apps: new Map(apps.map((app) => [app.id, app])),
    tasks: new Map(tasks.map((task) => [task.id, revived(task)])),
    failures: new Map(failures.map((failure) => [failure.appId, failure])),
    deployments: saved.deployments as unknown as Deployment[],
  };
}

/** Health is learnt anew: checks of what runs begin at once. */
const revived = (task: Omit<Task, 'health'>): Task => ({
  ...task,
  health: task.healthChecks.map((check) =>
    task.startedAt !== undefined && check.protocol !== 'COMMAND' ? { ...unchecked, probeAt: 0 } : unchecked,
  ),
});

/** Replaces the file as a whole: a crash leaves the old or the new state. It may hold secrets of apps' environments, so only we can read it. */
export function saveState(path: string, state: State): void {
  const text = JSON.stringify({
    version,
    frameworkId: state.frameworkId,
    seed: state.seed,
    idsGiven: state.idsGiven,
    lastVersion: state.lastVersion,
    apps: [...state.apps.values()],
    tasks: [...state.tasks.values()].map(({ health: _health, unknownSince: _unknownSince, ...task }) => task),
    failures: [...state.failures.values()],
    deployments: state.deployments,
  });
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
