// Whom a task runs as (Mesos's --switch_user, on by default for an agent that is root).
import { readFile } from 'node:fs/promises';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** undefined: as the agent itself. Only root can be somebody else; on a laptop all tasks run as the one who started the cluster. */
export async function findUser(name: string): Promise<UserIds | undefined> {
  if (process.getuid?.() !== 0 || name === 'root') return undefined;
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`Failed to get the user ID for '${name}': no such user`);
}
