// The sandboxes that an agent shows: by their path, by that of the latest run, and by a path that needs no agent's id or work directory
// (src/slave/slave.cpp, Framework::addExecutor; src/slave/paths.hpp, getExecutorVirtualPath).
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRoots } from './files.js';

const entries = (directory: string): Promise<string[]> => readdir(directory).catch(() => []);

const isPlainName = (name: string | undefined): name is string => name !== undefined && name !== '' && name !== '.' && name !== '..';

/** `agentId`: undefined until it has one. What is no longer on disk is no longer shown. */
export const sandboxRoots = (workDir: string, agentId: () => string | undefined): FileRoots => {
  const frameworksDir = (): string | undefined => {
    const id = agentId();
    return id === undefined ? undefined : join(workDir, 'slaves', id, 'frameworks');
  };

  const find = (virtualPath: string): string | undefined => {
    const base = frameworksDir();
    if (base === undefined) return undefined;
    const isReal = virtualPath.startsWith(`${base}/`);
    const beginning = isReal ? `${base}/` : '/frameworks/';
    if (!virtualPath.startsWith(beginning)) return undefined;
    const [framework, executors, executor, runs, run, ...rest] = virtualPath.slice(beginning.length).split('/');
    if (executors !== 'executors' || runs !== 'runs' || rest.length > 0) return undefined;
    if (!isPlainName(framework) || !isPlainName(executor) || !isPlainName(run)) return undefined;
    return isReal || run === 'latest' ? join(base, framework, 'executors', executor, 'runs', run) : undefined;
  };

  const all = async (): Promise<Record<string, string>> => {
    const base = frameworksDir();
    const attached: Record<string, string> = {};
    if (base === undefined) return attached;
    for (const framework of await entries(base))
      for (const executor of await entries(join(base, framework, 'executors'))) {
        const runs = join(base, framework, 'executors', executor, 'runs');
        const containers = (await entries(runs)).filter((run) => run !== 'latest');
        for (const container of containers) attached[join(runs, container)] = join(runs, container);
        const latest = await readlink(join(runs, 'latest')).catch(() => undefined);
        if (latest === undefined) continue;
        for (const path of [join(runs, 'latest'), `/frameworks/${framework}/executors/${executor}/runs/latest`]) attached[path] = latest;
      }
    return attached;
  };

  return { boundary: workDir, find, all };
};
