// Signals a task's whole tree: its process group and descendants that left the group (Mesos: os::killtree).
import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const threadsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Each thread has children of its own. */
const childrenOf = (pid: number): number[] =>
  threadsOf(pid)
    .flatMap((thread) => (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' '))
    .filter((text) => text !== '')
    .map(Number);

const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

/** Field 5 of /proc/<pid>/stat; the command before it, in parentheses, may hold anything. */
const groupOf = (pid: number): number | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  const group = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
  return group === undefined ? undefined : Number(group);
};

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
};

/** `pid` leads its process group. Without /proc only the group is signalled. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const outside = descendantsOf(pid).filter((descendant) => groupOf(descendant) !== pid);
  send(-pid, signal);
  for (const descendant of outside) send(descendant, signal);
}
