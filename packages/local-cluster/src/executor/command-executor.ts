// A command task and its executor: container, URIs, command, kill (src/slave/slave.cpp, src/launcher/executor.cpp). There is no
// executor process: the command is started by this one, and its pid is told as the executor's.
import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, KillPolicy, TaskInfo, TaskState } from '../generated/protocol.js';
import { startCommand, type CommandProcess } from './command-process.js';
import { Connection } from './connection.js';
import { prepareContainer, type PreparedContainer } from './container.js';
import type { Executor, ExecutorContext, ExecutorListener } from './executor.js';
import { exitMessage, type Exit } from './exit-message.js';
import { DEFAULT_KILL_GRACE_MS, Escalation, graceMs, shutdownGraceMs, shutdownKillGraceMs } from './kill-timing.js';
import { taskEnvironment } from './task-environment.js';
import { agentStatus, executorStatus, type StatusDetails } from './task-status.js';

/** How long an executor of a task that ended waits before it ends as well (executor.cpp, reaped). */
const SELF_TERMINATION_MS = 1000;
const SIGKILL_STATUS = 9;

type KilledBy = 'kill' | 'shutdown' | 'max-completion-time' | 'destroy';

export class CommandExecutor implements Executor {
  readonly containerId = randomUUID();
  readonly finished: Promise<void>;
  private readonly connection = new Connection();
  private readonly aborted = new AbortController();
  private process: CommandProcess | undefined;
  private killedBy: KilledBy | undefined;
  private escalation: Escalation | undefined;
  private phase: 'launching' | 'running' | 'ended' = 'launching';

  constructor(
    private readonly context: ExecutorContext,
    private readonly framework: FrameworkInfo,
    private readonly task: TaskInfo,
    private readonly role: string,
  ) {
    this.finished = this.run().catch((error: unknown) => this.failedToLaunch(error));
  }

  get frameworkId(): string {
    return this.framework.id?.value ?? '';
  }

  get executorId(): string {
    return this.task.task_id.value;
  }

  connect(listener: ExecutorListener | undefined): void {
    this.connection.connect(listener);
    // Without a checkpoint nobody would ever come back for it.
    if (listener === undefined && this.framework.checkpoint !== true) this.shutdown();
  }

  /** A command executor runs one task. */
  launch(tasks: readonly TaskInfo[]): void {
    const message = 'Attempted to run multiple tasks using a "command" executor';
    for (const task of tasks)
      this.connection.status(executorStatus(task, this.executorId, this.containerStatus(), 'TASK_FAILED', { message }));
  }

  kill(_taskId: string, policy: KillPolicy | undefined): void {
    this.end('kill', graceMs(policy) ?? graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);
  }

  message(): void {
    // A command executor does not listen to its framework.
  }

  shutdown(): void {
    this.end('shutdown', shutdownKillGraceMs(this.task.kill_policy));
  }

  destroy(): void {
    this.killedBy = 'destroy';
    this.aborted.abort();
    this.process?.signal('SIGKILL');
  }

  private get launchIsOff(): boolean {
    return this.killedBy !== undefined;
  }

  private async run(): Promise<void> {
    const prepared = await this.prepare();
    if (prepared === undefined) return this.gone(SIGKILL_STATUS);
    const { sandbox, user } = prepared;
    const process = await startCommand({
      command: this.task.command ?? {},
      sandbox,
      environment: this.environment(sandbox),
      user,
      reaper: this.context.reaper,
    });
    this.process = process;
    if (this.launchIsOff) {
      process.signal('SIGKILL');
      await process.exited;
      return this.gone(SIGKILL_STATUS);
    }
    this.phase = 'running';
    this.report('TASK_STARTING');
    this.report('TASK_RUNNING');
    const timers = this.limitLife(process);
    const exit = await process.exited;
    for (const timer of timers) clearTimeout(timer);
    this.ended(exit);
  }

  /** undefined: the task ended before its command could start, and that is reported. */
  private async prepare(): Promise<PreparedContainer | undefined> {
    const { agentId, workDir } = this.context;
    const prepared = await prepareContainer({
      workDir,
      ids: { agentId, frameworkId: this.frameworkId, executorId: this.executorId, containerId: this.containerId },
      user: this.task.command?.user ?? this.framework.user,
      type: this.task.container?.type,
      uris: this.task.command?.uris ?? [],
      signal: this.aborted.signal,
    });
    if (this.launchIsOff) return undefined;
    if (!('failure' in prepared)) return prepared;
    this.phase = 'ended';
    const { state, reason, message } = prepared.failure;
    this.connection.status(agentStatus(this.task, state === 'TASK_DROPPED' ? undefined : this.executorId, state, reason, message));
    return undefined;
  }

  private failedToLaunch(error: unknown): void {
    const message = `Failed to launch container: ${error instanceof Error ? error.message : String(error)}`;
    if (!this.launchIsOff)
      this.connection.status(agentStatus(this.task, this.executorId, 'TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', message));
    this.gone(SIGKILL_STATUS);
  }

  private environment(sandbox: string): Record<string, string> {
    const { agentId, ip, port, executorEnvironment } = this.context;
    return taskEnvironment({
      agentId,
      agentIp: ip,
      agentPort: port,
      frameworkId: this.frameworkId,
      executorId: this.executorId,
      sandbox,
      role: this.role,
      checkpoint: this.framework.checkpoint ?? false,
      shutdownGraceSeconds: shutdownGraceMs(this.task.kill_policy) / 1000,
      executorEnvironment,
      command: this.task.command ?? {},
    });
  }

  private limitLife(process: CommandProcess): NodeJS.Timeout[] {
    const timers: NodeJS.Timeout[] = [];
    const maxCompletionNs = this.task.max_completion_time?.nanoseconds ?? 0;
    if (maxCompletionNs > 0) timers.push(setTimeout(() => this.end('max-completion-time', 0), maxCompletionNs / 1e6));
    const diesAfterMs = this.context.diesAfterMs();
    if (diesAfterMs !== undefined) timers.push(setTimeout(() => process.signal('SIGKILL'), diesAfterMs));
    return timers;
  }

  private end(by: KilledBy, grace: number): void {
    if (this.phase === 'ended') return;
    if (this.phase === 'launching') return this.giveUpLaunch(by);
    if (this.escalation !== undefined) return this.escalation.shorten(grace);
    this.killedBy ??= by;
    const knowsKilling = (this.framework.capabilities ?? []).some(({ type }) => type === 'TASK_KILLING_STATE');
    if (knowsKilling && by !== 'max-completion-time') this.report('TASK_KILLING');
    this.process?.signal('SIGTERM');
    this.escalation = new Escalation(() => this.process?.signal('SIGKILL'), grace);
  }

  /** slave.cpp, kill and _shutdownExecutor: the executor is not registered yet. */
  private giveUpLaunch(by: KilledBy): void {
    if (this.launchIsOff) return;
    this.killedBy = by;
    this.aborted.abort();
    this.connection.status(
      by === 'kill'
        ? agentStatus(
            this.task,
            this.executorId,
            'TASK_KILLED',
            'REASON_TASK_KILLED_DURING_LAUNCH',
            'Killed before delivery to the executor',
          )
        : this.terminatedStatus(),
    );
  }

  private ended(exit: Exit): void {
    this.phase = 'ended';
    this.escalation?.cancel();
    const message = exitMessage(exit);
    if (this.killedBy === 'max-completion-time') this.report('TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    else if (this.killedBy !== undefined) this.report('TASK_KILLED', { message });
    else this.report(exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', { message });
    if (this.connection.isOpen || this.killedBy === 'destroy') return this.gone(0);
    setTimeout(() => this.endedUnheard(), SELF_TERMINATION_MS).unref();
  }

  /** The next agent finds only that it is gone (slave.cpp, executorTerminated: what it had to say was in its process). */
  private endedUnheard(): void {
    if (!this.connection.isOpen) {
      this.connection.forget();
      this.connection.status(this.terminatedStatus());
    }
    this.gone(0);
  }

  private gone(waitStatus: number): void {
    this.phase = 'ended';
    this.connection.exited(waitStatus);
  }

  private terminatedStatus() {
    return agentStatus(this.task, this.executorId, 'TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'Executor terminated');
  }

  private containerStatus() {
    return {
      container_id: { value: this.containerId },
      network_infos: [{ ip_addresses: [{ ip_address: this.context.ip }] }],
      ...(this.process?.pid === undefined ? {} : { executor_pid: this.process.pid }),
    };
  }

  private report(state: TaskState, details?: StatusDetails): void {
    if (this.killedBy === 'destroy') return;
    this.connection.status(executorStatus(this.task, this.executorId, this.containerStatus(), state, details));
  }
}
