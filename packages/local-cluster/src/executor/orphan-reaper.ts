// Tasks must not outlive the cluster, not even when it is killed with -9: a shell waits for the end of a pipe that only this
// process holds open, then kills every process whose environment says that it was started below the work directory, and removes that
// directory when it is a temporary one.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// Told "+<pid>" and "-<pid>" on stdin; awk reports the process groups left at the end, grep finds what left its group.
const SCRIPT = `
groups=$(awk '/^[+]/ { left[substr($0, 2)] } /^-/ { delete left[substr($0, 2)] } END { for (pid in left) print pid }')
for pid in $groups; do kill -s KILL -- "-$pid"; done
for round in 1 2 3 4 5; do
  found=$(grep -Fls -e "MESOS_DIRECTORY=$1/" -e "MESOS_SANDBOX=$1/" /proc/[0-9]*/environ | cut -d / -f 3)
  [ -n "$found" ] || break
  kill -s KILL $found
done
[ "$2" = temporary ] || exit 0
# What was killed may be writing still.
for round in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$1" && break
  sleep 0.1
done
`;

export class OrphanReaper {
  private readonly shell: ChildProcess;

  constructor(workDir: string, isTemporary: boolean) {
    this.shell = spawn('/bin/sh', ['-c', SCRIPT, 'orphan-reaper', workDir, isTemporary ? 'temporary' : 'kept'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    // If the shell can't run, tasks are still killed by an orderly stop.
    this.shell.on('error', () => undefined);
    this.shell.stdin?.on('error', () => undefined);
    this.shell.unref();
  }

  started(pid: number): void {
    this.shell.stdin?.write(`+${pid}\n`);
  }

  ended(pid: number): void {
    this.shell.stdin?.write(`-${pid}\n`);
  }

  /** Kills what is left, removes a temporary work directory, and waits for it. */
  async stop(): Promise<void> {
    if (this.shell.pid === undefined || this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    this.shell.ref();
    const exited = once(this.shell, 'exit');
    this.shell.stdin?.end();
    await exited;
  }
}
