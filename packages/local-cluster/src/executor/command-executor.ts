// A command task and its executor: container, URIs, command, checks, kill (src/slave/slave.cpp, src/launcher/executor.cpp). There
// is no executor process: the command is started by this one, and its pid is told as the executor's.
import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, KillPolicy, TaskInfo, TaskState } from '../generated/protocol.js';
import { commandCheckRuntime } from './checks/command-check-runtime.js';
import { TaskChecks } from './checks/task-checks.js';
import { startCommand, type CommandProcess } from './command-process.js';
import { Connection } from './connection.js';
import { prepareContainer, type PreparedContainer } from './container.js';
import type { Executor, ExecutorContext, ExecutorListener, ExecutorStatus } from './executor.js';
import { exitMessage, type Exit } from './exit-message.js';
import { DEFAULT_KILL_GRACE_MS, Escalation, graceMs, shutdownKillGraceMs } from './kill-timing.js';
import { taskEnvironment, type EnvironmentSource } from './task-environment.js';
import { agentStatus, checkedStatus, executorStatus, healthStatus, terminatedStatus, type StatusDetails } from './task-status.js';

/** How long an executor whose task ended waits before it ends as well (executor.cpp, reaped). */
const SELF_TERMINATION_MS = 1000;
/** What waitpid says of a container that was destroyed. */
const SIGKILL_STATUS = 9;

type KilledBy = 'kill' | 'health-check' | 'shutdown' | 'max-completion-time' | 'registration-timeout' | 'destroy';

export class CommandExecutor implements Executor {
  readonly containerId = randomUUID();
  readonly finished: Promise<void>;
  private readonly connection: Connection;
  private readonly aborted = new AbortController();
  private process: CommandProcess | undefined;
  private checks: TaskChecks | undefined;
  private killedBy: KilledBy | undefined;
  private escalation: Escalation | undefined;
  private lastStatus: ExecutorStatus | undefined;
  private phase: 'launching' | 'running' | 'ended' = 'launching';

  constructor(
    private readonly context: ExecutorContext,
    private readonly framework: FrameworkInfo,
    private readonly task: TaskInfo,
    private readonly role: string,
  ) {
    const { recoveryTimeoutMs } = context;
    this.connection = new Connection({ checkpoint: framework.checkpoint === true, recoveryTimeoutMs, onLost: () => this.shutdown() });
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
  }

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
    this.end('shutdown', shutdownKillGraceMs(this.task.kill_policy, this.context.shutdownGraceMs));
  }

  destroy(): void {
    this.killedBy = 'destroy';
    this.aborted.abort();
    this.checks?.pause();
    this.process?.signal('SIGKILL');
  }

  private get launchIsOff(): boolean {
    return this.killedBy !== undefined && this.killedBy !== 'registration-timeout';
  }

  private async run(): Promise<void> {
    const prepared = await this.prepare();
    if (prepared === undefined) return this.gone(SIGKILL_STATUS);
    const { sandbox, user } = prepared;
    const { reaper } = this.context;
    const environment = taskEnvironment(this.environmentSource(sandbox));
    const process = await startCommand({ command: this.task.command ?? {}, sandbox, environment, user, reaper });
    this.process = process;
    if (this.launchIsOff) {
      process.signal('SIGKILL');
      await process.exited;
      return this.gone(SIGKILL_STATUS);
    }
    this.phase = 'running';
    this.report('TASK_STARTING');
    this.startChecks(prepared);
    this.report('TASK_RUNNING');
    const timers = this.limitLife(process);
    const exit = await process.exited;
    for (const timer of timers) clearTimeout(timer);
    this.ended(exit);
  }

  /** undefined: the task ended before its command could start, and that is reported. */
  private async prepare(): Promise<PreparedContainer | undefined> {
    const { agentId, workDir, fetcher, registrationTimeoutMs } = this.context;
    const timeout = setTimeout(() => this.registrationTimedOut(), registrationTimeoutMs);
    const prepared = await prepareContainer({
      workDir,
      ids: { agentId, frameworkId: this.frameworkId, executorId: this.executorId, containerId: this.containerId },
      user: this.task.command?.user ?? this.framework.user,
      container: this.task.container,
      command: this.task.command ?? {},
      fetcher,
      signal: this.aborted.signal,
    });
    clearTimeout(timeout);
    if (this.launchIsOff) return undefined;
    if (!('failure' in prepared)) return prepared;
    this.phase = 'ended';
    const { state, reason, message } = prepared.failure;
    this.connection.status(agentStatus(this.task, state === 'TASK_DROPPED' ? undefined : this.executorId, state, reason, message));
    return undefined;
  }

  /** The fetcher is killed with its container, and that is what the agent tells (slave.cpp: registerExecutorTimeout, executorLaunched). */
  private registrationTimedOut(): void {
    this.killedBy ??= 'registration-timeout';
    this.aborted.abort();
  }

  private failedToLaunch(error: unknown): void {
    const message = `Failed to launch container: ${error instanceof Error ? error.message : String(error)}`;
    if (!this.launchIsOff)
      this.connection.status(agentStatus(this.task, this.executorId, 'TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', message));
    this.gone(SIGKILL_STATUS);
  }

  private environmentSource(sandbox: string): EnvironmentSource {
    const { context, framework, task, role } = this;
    return { context, framework, task, role, sandbox };
  }

  private startChecks({ sandbox, user }: PreparedContainer): void {
    const runtime = commandCheckRuntime(this.environmentSource(sandbox), user);
    this.checks = new TaskChecks(this.task, runtime, {
      checked: (status) => this.tellLastAgain((last) => checkedStatus(last, status)),
      health: ({ healthy, killTask }) => {
        this.tellLastAgain((last) => healthStatus(last, healthy));
        if (killTask) this.end('health-check', graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);
      },
    });
  }

  private limitLife(process: CommandProcess): NodeJS.Timeout[] {
    const timers: NodeJS.Timeout[] = [];
    const maxCompletionNs = this.task.max_completion_time?.nanoseconds ?? 0;
    if (maxCompletionNs > 0) timers.push(setTimeout(() => this.maxCompletionReached(), maxCompletionNs / 1e6));
    const diesAfterMs = this.context.diesAfterMs();
    if (diesAfterMs !== undefined) timers.push(setTimeout(() => process.signal('SIGKILL'), diesAfterMs));
    return timers;
  }

  /** A task that is being killed already has its own grace. */
  private maxCompletionReached(): void {
    if (this.escalation === undefined) this.end('max-completion-time', 0);
  }

  private end(by: KilledBy, grace: number): void {
    if (this.phase === 'ended') return;
    if (this.phase === 'launching') return this.giveUpLaunch(by);
    if (this.escalation !== undefined) return this.escalation.shorten(grace);
    this.killedBy ??= by;
    const knowsKilling = (this.framework.capabilities ?? []).some(({ type }) => type === 'TASK_KILLING_STATE');
    if (knowsKilling && by !== 'max-completion-time') this.report('TASK_KILLING');
    this.checks?.pause();
    this.process?.signal('SIGTERM');
    this.escalation = new Escalation(() => this.process?.signal('SIGKILL'), grace);
  }

  /** slave.cpp, kill and _shutdownExecutor: the executor is not registered yet. */
  private giveUpLaunch(by: KilledBy): void {
    if (this.killedBy !== undefined) return;
    this.killedBy = by;
    this.aborted.abort();
    const killed = ['TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', 'Killed before delivery to the executor'] as const;
    const [state, reason, message] = killed;
    this.connection.status(
      by === 'kill' ? agentStatus(this.task, this.executorId, state, reason, message) : terminatedStatus(this.task, this.executorId),
    );
  }

  private ended(exit: Exit): void {
    this.phase = 'ended';
    this.escalation?.cancel();
    this.checks?.pause();
    const message = exitMessage(exit);
    if (this.killedBy === 'max-completion-time') this.report('TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    else if (this.killedBy === 'health-check') this.report('TASK_KILLED', { message, healthy: false });
    else if (this.killedBy !== undefined) this.report('TASK_KILLED', { message });
    else this.report(exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', { message });
    if (this.connection.isOpen || this.killedBy === 'destroy') return this.gone(0);
    setTimeout(() => this.endedUnheard(), SELF_TERMINATION_MS).unref();
  }

  /** The next agent finds only that it is gone: what it had to say was in its process (slave.cpp, executorTerminated). */
  private endedUnheard(): void {
    if (!this.connection.isOpen) {
      this.connection.forget();
      this.connection.status(terminatedStatus(this.task, this.executorId));
    }
    this.gone(0);
  }

  private gone(waitStatus: number): void {
    this.phase = 'ended';
    this.connection.exited(waitStatus);
  }

  private containerStatus() {
    return {
      container_id: { value: this.containerId },
      network_infos: [{ ip_addresses: [{ ip_address: this.context.ip }] }],
      ...(this.process?.pid === undefined ? {} : { executor_pid: this.process.pid }),
    };
  }

  private report(state: TaskState, details?: StatusDetails): void {
    this.tell(executorStatus(this.task, this.executorId, this.containerStatus(), state, details));
  }

  private tellLastAgain(change: (last: ExecutorStatus) => ExecutorStatus): void {
    if (this.lastStatus !== undefined) this.tell(change(this.lastStatus));
  }

  private tell(status: ExecutorStatus): void {
    if (this.killedBy === 'destroy') return;
    this.lastStatus = status;
    this.connection.status(status);
  }
}
