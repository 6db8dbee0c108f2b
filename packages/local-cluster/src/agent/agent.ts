// An agent: runs tasks and tells of them until it is acknowledged (src/slave/slave.cpp).
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AgentInfo, ReportedTask, StatusUpdate, ToAgent } from '../network/messages.js';
import { isTerminal } from '../master/domain/task.js';
import {
  acknowledgeUpdate,
  addUpdate,
  emptyStream,
  resumeStream,
  retryUpdate,
  type RetryIntervals,
  type StreamStep,
  type UpdateStream,
} from './update-stream.js';
import type { FrameworkInfo, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import type { OrphanReaper } from '../executor/orphan-reaper.js';
import { defaultExecutorTimeouts, type Executor, type ExecutorStatus } from '../executor/executor.js';
import { Fetcher } from '../executor/fetcher/fetcher.js';
import { startExecutor } from '../executor/start-executor.js';

export interface AgentSettings {
  readonly info: AgentInfo;
  readonly workDir: string;
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly retryIntervals: RetryIntervals;
  readonly reaper: OrphanReaper;
  /** --executor_registration_timeout. */
  readonly executorRegistrationTimeoutMs?: number | undefined;
  readonly sendUpdate: (update: StatusUpdate) => void;
}

interface RunningTask {
  framework: FrameworkInfo;
  readonly info: TaskInfo;
  readonly role: string;
  readonly executor: Executor;
  state: TaskState;
  lastStatus: TaskStatus | undefined;
  stream: UpdateStream;
  retryTimer: NodeJS.Timeout | undefined;
}

const keyOf = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;

export class Agent {
  private readonly tasks = new Map<string, RunningTask>();
  /** Those whose task is off the books but whose processes may still live are among them. */
  private readonly executors = new Set<Executor>();
  /** Given by the master at the first registration. */
  id: string | undefined;
  /** The fault "commands die". */
  commandsDieAfterMs: number | undefined;

  private readonly fetcher: Fetcher;

  constructor(private readonly settings: AgentSettings) {
    const { workDir, info } = settings;
    this.fetcher = new Fetcher(join(workDir, 'fetch', `${info.ip}-${info.port}`));
  }

  get info(): AgentInfo {
    return this.settings.info;
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'run-task':
        return this.runTask(message.framework, message.task, message.role);
      case 'kill-task':
        return this.killTask(message.frameworkId, message.taskId, message.killPolicy);
      case 'acknowledge':
        return this.acknowledge(message.frameworkId, message.taskId, message.uuid);
      case 'shutdown-framework':
        return this.shutdownFramework(message.frameworkId);
      case 'update-framework':
        return this.resume(message.framework);
    }
  }

  /** What a master that doesn't know this agent is told. */
  reportedTasks(): ReportedTask[] {
    return [...this.tasks.values()].map(({ framework, info, role, state, lastStatus, stream }) => ({
      framework,
      info,
      role,
      state,
      lastStatus,
      statusUpdateState: (stream.pending[0] ?? lastStatus)?.state,
      statusUpdateUuid: (stream.pending[0] ?? lastStatus)?.uuid,
    }));
  }

  frameworks(): FrameworkInfo[] {
    return [...new Map([...this.tasks.values()].map(({ framework }) => [framework.id?.value, framework])).values()];
  }

  /** A new connection to the master: what it has not acknowledged goes out again at once. */
  resendAll(): void {
    for (const task of this.tasks.values()) this.follow(task, resumeStream(task.stream, this.settings.retryIntervals));
  }

  async stop(): Promise<void> {
    for (const task of this.tasks.values()) clearTimeout(task.retryTimer);
    this.tasks.clear();
    const executors = [...this.executors];
    for (const executor of executors) executor.destroy();
    await Promise.all(executors.map((executor) => executor.finished));
  }

  private runTask(framework: FrameworkInfo, info: TaskInfo, role: string): void {
    const key = keyOf(framework.id?.value ?? '', info.task_id.value);
    const { registrationTimeoutMs, recoveryTimeoutMs } = defaultExecutorTimeouts;
    const context = {
      agentId: this.id ?? '',
      ip: this.info.ip,
      port: this.info.port,
      workDir: this.settings.workDir,
      executorEnvironment: this.settings.executorEnvironment,
      reaper: this.settings.reaper,
      fetcher: this.fetcher,
      registrationTimeoutMs: this.settings.executorRegistrationTimeoutMs ?? registrationTimeoutMs,
      recoveryTimeoutMs,
      diesAfterMs: () => this.commandsDieAfterMs,
    };
    const executor = startExecutor(context, { framework, executor: undefined, tasks: [info], role });
    const stream = emptyStream(this.settings.retryIntervals);
    this.tasks.set(key, { framework, info, role, executor, state: 'TASK_STAGING', lastStatus: undefined, stream, retryTimer: undefined });
    this.executors.add(executor);
    void executor.finished.finally(() => this.executors.delete(executor));
    executor.connect({ status: (status) => this.report(key, status), message: () => undefined, exited: () => undefined });
  }

  private killTask(frameworkId: string, taskId: string, policy: KillPolicy | undefined): void {
    this.tasks.get(keyOf(frameworkId, taskId))?.executor.kill(taskId, policy);
  }

  private acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const key = keyOf(frameworkId, taskId);
    const task = this.tasks.get(key);
    if (task === undefined) return;
    const step = acknowledgeUpdate(task.stream, uuid, this.settings.retryIntervals);
    if (step === undefined) return;
    if (step.done === true) {
      clearTimeout(task.retryTimer);
      this.tasks.delete(key);
      return;
    }
    this.follow(task, step);
  }

  private shutdownFramework(frameworkId: string): void {
    for (const [key, task] of this.tasks) {
      if (task.framework.id?.value !== frameworkId) continue;
      clearTimeout(task.retryTimer);
      this.tasks.delete(key);
      task.executor.shutdown();
    }
  }

  private resume(framework: FrameworkInfo): void {
    for (const task of this.tasks.values()) {
      if (task.framework.id?.value !== framework.id?.value) continue;
      task.framework = framework;
      this.follow(task, resumeStream(task.stream, this.settings.retryIntervals));
    }
  }

  private report(key: string, parts: ExecutorStatus): void {
    const task = this.tasks.get(key);
    if (task === undefined || isTerminal(task.state)) return;
    const status: TaskStatus = {
      ...parts,
      agent_id: { value: this.id ?? '' },
      timestamp: Date.now() / 1000,
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
    };
    task.state = status.state;
    task.lastStatus = status;
    this.follow(task, addUpdate(task.stream, status));
  }

  private follow(task: RunningTask, step: StreamStep): void {
    task.stream = step.stream;
    const status = step.send;
    if (status === undefined && task.stream.pending.length > 0) return;
    clearTimeout(task.retryTimer);
    if (status === undefined) return;
    task.retryTimer = setTimeout(() => this.follow(task, retryUpdate(task.stream, this.settings.retryIntervals)), task.stream.retryMs);
    task.retryTimer.unref();
    this.settings.sendUpdate({
      agentId: this.id ?? '',
      frameworkId: task.framework.id?.value ?? '',
      executorId: undefined,
      status,
      latestState: task.state,
    });
  }
}
