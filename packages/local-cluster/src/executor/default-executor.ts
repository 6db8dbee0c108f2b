// The executor of task groups: each task in a container nested in the executor's (src/launcher/default_executor.cpp). It has no
// process of its own.
import { randomUUID } from 'node:crypto';
import type { ExecutorInfo, FrameworkInfo, KillPolicy, TaskInfo, TaskState } from '../generated/protocol.js';
import { TaskChecks } from './checks/task-checks.js';
import { Connection } from './connection.js';
import { prepareContainer, type LaunchFailure } from './container.js';
import type { Executor, ExecutorContext, ExecutorListener, ExecutorStatus } from './executor.js';
import { DEFAULT_KILL_GRACE_MS, graceMs } from './kill-timing.js';
import { endingOf } from './nested-ending.js';
import { NestedContainer, type ParentContainer } from './nested-container.js';
import { QueuedGroups } from './queued-groups.js';
import { agentStatus, checkedStatus, executorStatus, healthStatus, terminatedStatus } from './task-status.js';
import { UnfinishedWork } from './unfinished-work.js';

const SIGKILL_STATUS = 9;
/** How often an agent looks whether processes have ended (libprocess, MIN_REAP_INTERVAL): those ended since then have ended at once. */
const REAP_INTERVAL_MS = 100;
/** What agents tell of an executor that never had a container. */
const UNKNOWN_STATUS = -1;

export class DefaultExecutor implements Executor {
  readonly containerId = randomUUID();
  readonly finished: Promise<void>;
  private settleFinished: () => void = () => undefined;
  private readonly connection: Connection;
  private readonly aborted = new AbortController();
  /** undefined: not registered yet. */
  private parent: ParentContainer | undefined;
  private readonly queued = new QueuedGroups();
  /** By task. */
  private readonly containers = new Map<string, NestedContainer>();
  private reaping: NodeJS.Timeout | undefined;
  private readonly unfinished = new UnfinishedWork();
  private unhealthy = false;
  private phase: 'running' | 'shutting-down' | 'gone' = 'running';
  private shutdownTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: ExecutorContext,
    private readonly framework: FrameworkInfo,
    private readonly executor: ExecutorInfo,
    private readonly role: string,
    tasks: readonly TaskInfo[],
  ) {
    const { recoveryTimeoutMs } = context;
    this.connection = new Connection({ checkpoint: framework.checkpoint === true, recoveryTimeoutMs, onLost: () => this.destroy() });
    this.finished = new Promise((resolve) => (this.settleFinished = resolve));
    this.queued.add(tasks);
    void this.register();
  }

  get frameworkId(): string {
    return this.framework.id?.value ?? '';
  }

  get executorId(): string {
    return this.executor.executor_id.value;
  }

  connect(listener: ExecutorListener | undefined): void {
    this.connection.connect(listener);
    for (const { checks } of this.containers.values())
      if (listener === undefined) checks?.pause();
      else checks?.resume();
    if (listener === undefined) return;
    this.reap();
    this.endIfIdle();
  }

  launch(tasks: readonly TaskInfo[]): void {
    if (this.parent === undefined) this.queued.add(tasks);
    else void this.launchGroup(this.parent, tasks);
  }

  kill(taskId: string, policy: KillPolicy | undefined): void {
    const group = this.queued.takeGroupOf(taskId);
    if (group !== undefined) return this.killedQueued(group);
    const container = this.containers.get(taskId);
    if (this.phase !== 'running' || container === undefined || container.killing) return;
    this.killContainer(container, graceMs(policy) ?? graceMs(container.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);
  }

  message(): void {
    // The default executor does not listen to its framework.
  }

  /** Tasks have 3 s here, whatever their kill policy says; the agent destroys what is left when the executor's own time is over. */
  shutdown(): void {
    if (this.phase !== 'running') return;
    this.phase = 'shutting-down';
    const grace = this.executor.shutdown_grace_period;
    this.shutdownTimer = setTimeout(
      () => this.destroyedByAgent(),
      grace === undefined ? this.context.shutdownGraceMs : grace.nanoseconds / 1e6,
    );
    for (const container of this.containers.values()) if (!container.killing) this.killContainer(container, DEFAULT_KILL_GRACE_MS);
    this.endIfIdle();
  }

  destroy(): void {
    this.connection.forget();
    this.end(SIGKILL_STATUS);
  }

  private async register(): Promise<void> {
    const { agentId, workDir, fetcher } = this.context;
    const { user } = this.framework;
    const prepared = await prepareContainer({
      workDir,
      ids: { agentId, frameworkId: this.frameworkId, executorId: this.executorId, containerId: this.containerId },
      user: this.executor.command?.user ?? user,
      container: this.executor.container,
      command: this.executor.command ?? {},
      fetcher,
      signal: this.aborted.signal,
    });
    if (this.phase !== 'running') return;
    if ('failure' in prepared) return this.failedToLaunch(prepared.failure);
    this.parent = { containerId: this.containerId, sandbox: prepared.sandbox, user: this.executor.command?.user ?? user, role: this.role };
    for (const tasks of this.queued.takeAll()) void this.launchGroup(this.parent, tasks);
    this.endIfIdle();
  }

  private failedToLaunch({ state, reason, message }: LaunchFailure): void {
    const executorId = state === 'TASK_DROPPED' ? undefined : this.executorId;
    for (const task of this.queued.takeAll().flat()) this.connection.status(agentStatus(task, executorId, state, reason, message));
    this.end(UNKNOWN_STATUS);
  }

  /** slave.cpp, kill: the group was not delivered yet. */
  private killedQueued(group: readonly TaskInfo[]): void {
    const message = 'A task within the task group was killed before delivery to the executor';
    for (const task of group)
      this.connection.status(agentStatus(task, this.executorId, 'TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', message));
  }

  private async launchGroup(parent: ParentContainer, tasks: readonly TaskInfo[]): Promise<void> {
    if (this.phase !== 'running') return;
    const launching = tasks.map((task) => {
      const container = new NestedContainer(this.context, parent, task, tasks);
      this.containers.set(task.task_id.value, container);
      this.report(container, 'TASK_STARTING');
      return container;
    });
    const launched = Promise.all(launching.map((container) => container.launch(this.aborted.signal)));
    this.unfinished.add(launched);
    await launched;
    for (const container of launching) this.unfinished.add(container.ended());
    if (this.phase !== 'running') return;
    for (const container of launching) if (container.isStarted) this.started(container);
    for (const container of launching)
      void container.ended().then(() => (this.reaping ??= setTimeout(() => this.reap(), REAP_INTERVAL_MS)));
  }

  /** In the order of their launch. While the agent's process is gone nobody can tell the executor. */
  private reap(): void {
    clearTimeout(this.reaping);
    this.reaping = undefined;
    if (!this.connection.isOpen) return;
    for (const container of [...this.containers.values()]) if (container.hasEnded) this.waited(container);
  }

  private started(container: NestedContainer): void {
    const { task } = container;
    container.launched = true;
    container.checks = new TaskChecks(task, container.checkRuntime, {
      checked: (status) => this.tellLastAgain(container, (last) => checkedStatus(last, status)),
      health: ({ healthy, killTask }) => {
        this.tellLastAgain(container, (last) => healthStatus(last, healthy));
        if (!killTask) return;
        this.unhealthy = true;
        this.kill(task.task_id.value, undefined);
      },
    });
    const maxCompletionNs = task.max_completion_time?.nanoseconds ?? 0;
    if (maxCompletionNs > 0)
      container.maxCompletionTimer = setTimeout(() => {
        container.killedByCompletionTimeout = true;
        this.killContainer(container, 0);
      }, maxCompletionNs / 1e6);
    const diesAfterMs = this.context.diesAfterMs();
    if (diesAfterMs !== undefined) setTimeout(() => container.signal('SIGKILL'), diesAfterMs).unref();
    this.report(container, 'TASK_RUNNING');
  }

  /** A container that is still launching can't be killed: that is forgotten. */
  private killContainer(container: NestedContainer, grace: number): void {
    if (!container.launched) return;
    clearTimeout(container.maxCompletionTimer);
    container.killing = true;
    container.stopChecks();
    setTimeout(() => container.signal('SIGKILL'), grace).unref();
    const knowsKilling = (this.framework.capabilities ?? []).some(({ type }) => type === 'TASK_KILLING_STATE');
    if (knowsKilling && !container.killedByCompletionTimeout) this.report(container, 'TASK_KILLING');
    container.signal('SIGTERM');
  }

  /** Its container is no more. */
  private waited(container: NestedContainer): void {
    if (this.phase === 'gone') return;
    container.destroy();
    const { state, details } = endingOf(container);
    const healthy = this.unhealthy ? { healthy: false } : {};
    this.tell(container, executorStatus(container.task, this.executorId, container.status(false), state, { ...details, ...healthy }));
    if (this.phase === 'running' && !container.killingTaskGroup && state !== 'TASK_FINISHED') this.killGroupOf(container);
    this.containers.delete(container.task.task_id.value);
    this.endIfIdle();
  }

  /** One of a group that fails or is killed takes the others along. */
  private killGroupOf(container: NestedContainer): void {
    for (const task of container.group) {
      const other = this.containers.get(task.task_id.value);
      if (other === undefined || other === container) continue;
      other.killingTaskGroup = true;
      if (!other.killing) this.killContainer(other, DEFAULT_KILL_GRACE_MS);
    }
  }

  /** It ends by itself when all its tasks have ended and the agent was told of that. */
  private endIfIdle(): void {
    const isIdle = this.parent !== undefined && this.containers.size === 0 && this.connection.isFlushed;
    if (isIdle || (this.phase === 'shutting-down' && this.containers.size === 0)) this.end(0);
  }

  private destroyedByAgent(): void {
    for (const { task } of this.containers.values()) this.connection.status(terminatedStatus(task, this.executorId));
    for (const task of this.queued.takeAll().flat()) this.connection.status(terminatedStatus(task, this.executorId));
    this.end(SIGKILL_STATUS);
  }

  private end(waitStatus: number): void {
    if (this.phase === 'gone') return;
    this.phase = 'gone';
    clearTimeout(this.shutdownTimer);
    clearTimeout(this.reaping);
    this.aborted.abort();
    for (const container of this.containers.values()) container.destroy();
    void this.unfinished.done().then(() => {
      this.connection.exited(waitStatus);
      this.settleFinished();
    });
  }

  private report(container: NestedContainer, state: TaskState): void {
    this.tell(container, executorStatus(container.task, this.executorId, container.status(true), state));
  }

  private tellLastAgain(container: NestedContainer, change: (last: ExecutorStatus) => ExecutorStatus): void {
    if (container.lastStatus !== undefined) this.tell(container, change(container.lastStatus));
  }

  private tell(container: NestedContainer, status: ExecutorStatus): void {
    container.lastStatus = status;
    this.connection.status(status);
  }
}
