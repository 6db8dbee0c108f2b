// An executor without a process, sandbox or file, for more tasks than a machine can run: it tells of its tasks what a command
// executor or the default executor would tell.
import { randomUUID } from 'node:crypto';
import type { TaskInfo, TaskState } from '../generated/protocol.js';
import { Connection } from '../executor/connection.js';
import type { Executor, ExecutorListener, ExecutorStart } from '../executor/executor.js';
import { exitMessage, type Exit } from '../executor/exit-message.js';
import { executorStatus, type StatusDetails } from '../executor/task-status.js';
import type { StartedBy } from '../agent/machine.js';
import type { AlarmClock } from './alarm-clock.js';
import { simulatedEnd } from './simulated-command.js';

/** What waitpid says of a container that was destroyed. */
const SIGKILL_STATUS = 9;
/** There are no processes to wait for. */
const FINISHED = Promise.resolve();

interface SimulatedTask {
  readonly info: TaskInfo;
  /** Those that end with it. */
  readonly group: readonly TaskInfo[];
  /** What is to happen to it by time alone. */
  callOff: (() => void)[] | undefined;
}

export class SimulatedExecutor implements Executor {
  readonly containerId = randomUUID();
  readonly finished = FINISHED;
  private readonly connection: Connection;
  /** undefined: it waits to be connected with its first tasks. */
  private tasks: SimulatedTask[] | undefined;
  private isGone = false;

  constructor(
    private readonly clock: AlarmClock,
    private readonly by: StartedBy,
    private readonly start: ExecutorStart,
    recoveryTimeoutMs: number,
  ) {
    const checkpoint = start.framework.checkpoint === true;
    this.connection = new Connection({ checkpoint, recoveryTimeoutMs, onLost: () => this.destroy() });
  }

  get frameworkId(): string {
    return this.start.framework.id?.value ?? '';
  }

  get executorId(): string {
    const { executor, tasks } = this.start;
    return executor?.executor_id.value ?? tasks[0]?.task_id.value ?? '';
  }

  connect(listener: ExecutorListener | undefined): void {
    this.connection.connect(listener);
    if (this.tasks === undefined) this.begin(this.start.tasks);
  }

  launch(tasks: readonly TaskInfo[]): void {
    if (this.start.executor !== undefined) return this.begin(tasks);
    const message = 'Attempted to run multiple tasks using a "command" executor';
    for (const task of tasks) this.report(task, 'TASK_FAILED', { message });
  }

  /** It dies of SIGTERM at once, whatever the grace. */
  kill(taskId: string): void {
    const task = this.tasks?.find(({ info }) => info.task_id.value === taskId);
    if (task !== undefined) this.killTask(task);
  }

  message(): void {
    // Neither executor listens to its framework.
  }

  shutdown(): void {
    for (const task of [...(this.tasks ?? [])]) this.killTask(task);
    this.end(0);
  }

  destroy(): void {
    this.connection.forget();
    this.end(SIGKILL_STATUS);
  }

  private begin(group: readonly TaskInfo[]): void {
    if (this.isGone) return;
    this.tasks ??= [];
    for (const info of group) {
      this.tasks.push({ info, group, callOff: undefined });
      this.report(info, 'TASK_STARTING');
    }
    for (const task of this.tasks.slice(-group.length)) {
      this.report(task.info, 'TASK_RUNNING');
      this.limitLife(task);
    }
  }

  private limitLife(task: SimulatedTask): void {
    const after = (ms: number, act: () => void): void => void (task.callOff ??= []).push(this.clock.after(ms, act));
    const maxCompletionNs = task.info.max_completion_time?.nanoseconds ?? 0;
    if (maxCompletionNs > 0) after(maxCompletionNs / 1e6, () => this.timedOut(task));
    const diesAfterMs = this.by.diesAfterMs();
    if (diesAfterMs !== undefined) after(diesAfterMs, () => this.exited(task, { code: null, signal: 'SIGKILL' }));
    const end = simulatedEnd(task.info.command ?? {});
    if (end !== undefined) after(end.afterMs, () => this.exited(task, { code: end.code, signal: null }));
  }

  private timedOut(task: SimulatedTask): void {
    const message = exitMessage({ code: null, signal: 'SIGTERM' });
    this.ended(task, 'TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
  }

  private killTask(task: SimulatedTask): void {
    const { capabilities = [] } = this.start.framework;
    if (capabilities.some(({ type }) => type === 'TASK_KILLING_STATE')) this.report(task.info, 'TASK_KILLING');
    this.ended(task, 'TASK_KILLED', { message: exitMessage({ code: null, signal: 'SIGTERM' }) });
  }

  private exited(task: SimulatedTask, exit: Exit): void {
    this.ended(task, exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', { message: exitMessage(exit) });
  }

  private ended(task: SimulatedTask, state: TaskState, details: StatusDetails): void {
    const index = this.tasks?.indexOf(task) ?? -1;
    if (index < 0) return;
    this.tasks?.splice(index, 1);
    for (const callOff of task.callOff ?? []) callOff();
    this.report(task.info, state, details);
    // One of a group that fails or is killed takes the others along (default_executor.cpp, waited).
    if (state !== 'TASK_FINISHED') for (const other of task.group) this.kill(other.task_id.value);
    if (this.tasks?.length === 0) this.end(0);
  }

  private end(waitStatus: number): void {
    if (this.isGone) return;
    this.isGone = true;
    for (const { callOff = [] } of this.tasks ?? []) for (const each of callOff) each();
    this.tasks = [];
    this.connection.exited(waitStatus);
  }

  private report(task: TaskInfo, state: TaskState, details?: StatusDetails): void {
    const containerStatus = {
      container_id: { value: this.containerId },
      network_infos: [{ ip_addresses: [{ ip_address: this.by.ip }] }],
    };
    this.connection.status(executorStatus(task, this.executorId, containerStatus, state, details));
  }
}
