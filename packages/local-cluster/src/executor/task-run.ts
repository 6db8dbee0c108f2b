// The life of one command task on an agent: sandbox, URIs, command, kill (src/slave/slave.cpp and src/launcher/executor.cpp).
import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import { startCommand, openOutput, type CommandProcess } from './command-process.js';
import { exitMessage, type Exit } from './exit-message.js';
import { fetchUris } from './fetcher.js';
import type { OrphanReaper } from './orphan-reaper.js';
import { createSandbox, giveTo } from './sandbox.js';
import { taskEnvironment } from './task-environment.js';
import { findUser, type UserIds } from './users.js';

/** What a status says beyond the task, agent, time and uuid. */
export type StatusParts = Pick<TaskStatus, 'state' | 'message' | 'reason' | 'source' | 'container_status' | 'executor_id' | 'check_status'>;

export interface RunContext {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  readonly workDir: string;
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly reaper: OrphanReaper;
  /** The fault "commands die": how soon after its start, or undefined. */
  readonly diesAfterMs: () => number | undefined;
  readonly report: (status: StatusParts) => void;
}

const DEFAULT_KILL_GRACE_MS = 3000;
/** What is left of the executor's 5 s when the time to tell of it is taken off (executor.cpp, shutdown). */
const SHUTDOWN_GRACE_MS = 3000;

const graceMs = (policy: KillPolicy | undefined): number | undefined =>
  policy?.grace_period === undefined ? undefined : policy.grace_period.nanoseconds / 1_000_000;

type KilledBy = 'kill' | 'shutdown' | 'max-completion-time';

export class TaskRun {
  readonly containerId = randomUUID();
  private readonly aborted = new AbortController();
  private process: CommandProcess | undefined;
  private killedBy: KilledBy | undefined;
  private escalation: { readonly timer: NodeJS.Timeout; readonly at: number; readonly startedAt: number } | undefined;
  private state: 'launching' | 'running' | 'ended' = 'launching';
  /** Settles when no process of the task is left. */
  readonly finished: Promise<void>;

  constructor(
    private readonly context: RunContext,
    private readonly framework: FrameworkInfo,
    private readonly task: TaskInfo,
    private readonly role: string,
  ) {
    this.finished = this.run().catch((error: unknown) => {
      this.state = 'ended';
      this.reportFromAgent('TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', `Failed to launch container: ${(error as Error).message}`);
    });
  }

  kill(policy: KillPolicy | undefined): void {
    this.end('kill', graceMs(policy) ?? graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);
  }

  /** The framework is gone: nobody is told any more. */
  shutdown(): void {
    this.end('shutdown', SHUTDOWN_GRACE_MS);
  }

  /** The agent itself ends. */
  destroy(): void {
    this.killedBy = 'shutdown';
    this.aborted.abort();
    this.process?.signal('SIGKILL');
  }

  private get launchIsOff(): boolean {
    return this.killedBy !== undefined;
  }

  private async run(): Promise<void> {
    const sandbox = await this.prepare();
    if (sandbox === undefined) {
      this.state = 'ended';
      return;
    }
    const { directory, user } = sandbox;
    const process = await startCommand({
      command: this.task.command ?? {},
      sandbox: directory,
      environment: this.environment(directory),
      user,
      reaper: this.context.reaper,
    });
    this.process = process;
    this.state = 'running';
    if (this.launchIsOff) process.signal('SIGKILL');
    this.reportFromExecutor('TASK_STARTING');
    this.reportFromExecutor('TASK_RUNNING');
    const timers = this.limitLife(process);
    const exit = await process.exited;
    for (const timer of timers) clearTimeout(timer);
    this.ended(exit);
  }

  /** undefined: the task ended before its command could start, and that is reported. */
  private async prepare(): Promise<{ readonly directory: string; readonly user: UserIds | undefined } | undefined> {
    const { agentId, workDir } = this.context;
    const executorId = this.task.task_id.value;
    const frameworkId = this.framework.id?.value ?? '';
    let user: UserIds | undefined;
    let directory: string;
    try {
      user = await findUser(this.task.command?.user ?? this.framework.user);
      directory = await createSandbox(workDir, { agentId, frameworkId, executorId, containerId: this.containerId }, user);
    } catch (error) {
      this.reportFromAgent(
        'TASK_DROPPED',
        'REASON_EXECUTOR_TERMINATED',
        `Failed to create executor directory: ${(error as Error).message}`,
      );
      return undefined;
    }
    if (this.task.container?.type === 'DOCKER') {
      // What an agent without the Docker containerizer says (slave.cpp, executorLaunched: NOT_SUPPORTED).
      this.reportFromAgent('TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'Abnormal executor termination: unknown container');
      return undefined;
    }
    const failure = await this.fetch(directory, user);
    if (failure !== undefined) this.reportFromAgent('TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', failure);
    else if (this.killedBy === 'kill')
      this.reportFromAgent('TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', 'Killed before delivery to the executor');
    return failure !== undefined || this.launchIsOff ? undefined : { directory, user };
  }

  /** @returns why the container can't be launched */
  private async fetch(directory: string, user: UserIds | undefined): Promise<string | undefined> {
    const stderr = await openOutput(directory, 'stderr', user);
    try {
      const uris = this.task.command?.uris ?? [];
      if (uris.length > 0) {
        await fetchUris(uris, directory, this.aborted.signal);
        if (user !== undefined) await giveTo(directory, user);
      }
      return undefined;
    } catch (error) {
      if (this.launchIsOff) return undefined;
      await stderr.appendFile(`${(error as Error).message}\n`);
      return `Failed to launch container: Failed to fetch all URIs for container '${this.containerId}': exited with status 1`;
    } finally {
      await stderr.close();
    }
  }

  private environment(sandbox: string): Record<string, string> {
    const { agentId, ip, port, executorEnvironment } = this.context;
    const grace = graceMs(this.task.kill_policy);
    return taskEnvironment({
      agentId,
      agentIp: ip,
      agentPort: port,
      frameworkId: this.framework.id?.value ?? '',
      executorId: this.task.task_id.value,
      sandbox,
      role: this.role,
      checkpoint: this.framework.checkpoint ?? false,
      // slave.cpp, getExecutorInfo: two seconds more than the kill policy.
      shutdownGraceSeconds: grace === undefined ? 5 : grace / 1000 + 2,
      executorEnvironment,
      command: this.task.command ?? {},
    });
  }

  private limitLife(process: CommandProcess): NodeJS.Timeout[] {
    const timers: NodeJS.Timeout[] = [];
    const maxCompletionNs = this.task.max_completion_time?.nanoseconds ?? 0;
    if (maxCompletionNs > 0)
      timers.push(
        setTimeout(() => this.end('max-completion-time', graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS), maxCompletionNs / 1e6),
      );
    const diesAfterMs = this.context.diesAfterMs();
    if (diesAfterMs !== undefined) timers.push(setTimeout(() => process.signal('SIGKILL'), diesAfterMs));
    return timers;
  }

  private end(by: KilledBy, grace: number): void {
    if (this.state === 'ended') return;
    if (this.state === 'launching') {
      this.killedBy ??= by;
      this.aborted.abort();
      return;
    }
    const now = Date.now();
    if (this.escalation === undefined) {
      this.killedBy = by;
      if (by === 'kill' && (this.framework.capabilities ?? []).some(({ type }) => type === 'TASK_KILLING_STATE'))
        this.reportFromExecutor('TASK_KILLING');
      this.process?.signal('SIGTERM');
      this.escalateAfter(grace, now, now);
      return;
    }
    if (by === 'shutdown') this.killedBy = by;
    // A repeated kill can only shorten the grace period.
    const { startedAt, at, timer } = this.escalation;
    if (startedAt + grace >= at) return;
    clearTimeout(timer);
    this.escalateAfter(Math.max(0, startedAt + grace - now), startedAt, now);
  }

  private escalateAfter(ms: number, startedAt: number, now: number): void {
    this.escalation = { timer: setTimeout(() => this.process?.signal('SIGKILL'), ms), at: now + ms, startedAt };
  }

  private ended(exit: Exit): void {
    this.state = 'ended';
    if (this.escalation !== undefined) clearTimeout(this.escalation.timer);
    const message = exitMessage(exit);
    if (this.killedBy === 'shutdown') return;
    if (this.killedBy === 'max-completion-time')
      this.reportFromExecutor('TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    else if (this.killedBy === 'kill') this.reportFromExecutor('TASK_KILLED', { message });
    else this.reportFromExecutor(exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', { message });
  }

  private reportFromAgent(state: TaskState, reason: TaskStatus.Reason, message: string): void {
    if (this.killedBy === 'shutdown') return;
    // A task that was dropped never had an executor.
    const executor = state === 'TASK_DROPPED' ? {} : { executor_id: { value: this.task.task_id.value } };
    this.context.report({ state, reason, message, source: 'SOURCE_AGENT', ...executor });
  }

  private reportFromExecutor(state: TaskState, more: Pick<StatusParts, 'message' | 'reason'> = {}): void {
    if (this.killedBy === 'shutdown') return;
    const check = this.task.check?.type;
    this.context.report({
      state,
      ...more,
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: this.task.task_id.value },
      // Checks are not run: their result stays unknown.
      ...(check === undefined || check === 'UNKNOWN' ? {} : { check_status: { type: check, [check.toLowerCase()]: {} } }),
      container_status: {
        container_id: { value: this.containerId },
        network_infos: [{ ip_addresses: [{ ip_address: this.context.ip }] }],
        ...(this.process?.pid === undefined ? {} : { executor_pid: this.process.pid }),
      },
    });
  }
}
