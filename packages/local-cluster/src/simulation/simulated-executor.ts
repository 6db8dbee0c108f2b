// An executor without a process, sandbox or file, for more tasks than a machine can run: it tells of its tasks what a command
// executor or the default executor would tell.
import { randomUUID } from 'node:crypto';
import type { KillPolicy, TaskInfo, TaskState } from '../generated/protocol.js';
import { Connection } from '../executor/connection.js';
import type { Executor, ExecutorListener, ExecutorStart } from '../executor/executor.js';
import { exitMessage, type Exit } from '../executor/exit-message.js';
import { executorStatus, type StatusDetails } from '../executor/task-status.js';
import type { StartedBy } from '../agent/machine.js';
import type { AlarmClock } from './alarm-clock.js';
import { simulatedEnd } from './simulated-command.js';

/** What waitpid says of a container that was destroyed. */
const SIGKILL_STATUS = 9;

interface SimulatedTask {
  readonly info: TaskInfo;
  /** Those that end with it. */
  readonly group: readonly TaskInfo[];
  readonly callOff: (() => void)[];
}

export class SimulatedExecutor implements Executor {
  readonly containerId = randomUUID();
  readonly executorId: string;
  readonly finished: Promise<void>;
  private settleFinished: () => void = () => undefined;
  private readonly connection: Connection;
  private readonly tasks = new Map<string, SimulatedTask>();
  private isGone = false;

  constructor(
    private readonly clock: AlarmClock,
    private readonly by: StartedBy,
    private readonly start: ExecutorStart,
    recoveryTimeoutMs: number,
  ) {
    const { framework, executor, tasks } = start;
    this.executorId = executor?.executor_id.value ?? tasks[0]?.task_id.value ?? '';
    this.finished = new Promise((resolve) => (this.settleFinished = resolve));
    this.connection = new Connection({ checkpoint: framework.checkpoint === true, recoveryTimeoutMs, onLost: () => this.destroy() });
    this.begin(tasks);
  }

  get frameworkId(): string {
    return this.start.framework.id?.value ?? '';
  }

  connect(listener: ExecutorListener | undefined): void {
    this.connection.connect(listener);
  }

  launch(tasks: readonly TaskInfo[]): void {
    if (this.start.executor !== undefined) return this.begin(tasks);
    const message = 'Attempted to run multiple tasks using a "command" executor';
    for (const task of tasks) this.report(task, 'TASK_FAILED', { message });
  }

  /** It dies of SIGTERM at once, whatever the grace. */
  kill(taskId: string, _policy?: KillPolicy): void {
    const task = this.tasks.get(taskId);
    if (task !== undefined) this.killTask(task);
  }

  message(): void {
    // Neither executor listens to its framework.
  }

  shutdown(): void {
    for (const task of [...this.tasks.values()]) this.killTask(task);
    this.end(0);
  }

  destroy(): void {
    this.connection.forget();
    this.end(SIGKILL_STATUS);
  }

  private begin(group: readonly TaskInfo[]): void {
    if (this.isGone) return;
    for (const info of group) {
      this.tasks.set(info.task_id.value, { info, group, callOff: [] });
      this.report(info, 'TASK_STARTING');
    }
    for (const info of group) {
      const task = this.tasks.get(info.task_id.value);
      this.report(info, 'TASK_RUNNING');
      if (task !== undefined) this.limitLife(task);
    }
  }

  private limitLife(task: SimulatedTask): void {
    const { info, callOff } = task;
    const maxCompletionNs = info.max_completion_time?.nanoseconds ?? 0;
    const message = exitMessage({ code: null, signal: 'SIGTERM' });
    if (maxCompletionNs > 0)
      callOff.push(
        this.clock.after(maxCompletionNs / 1e6, () =>
          this.ended(task, 'TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' }),
        ),
      );
    const diesAfterMs = this.by.diesAfterMs();
    if (diesAfterMs !== undefined) callOff.push(this.clock.after(diesAfterMs, () => this.exited(task, { code: null, signal: 'SIGKILL' })));
    const end = simulatedEnd(info.command ?? {});
    if (end !== undefined) callOff.push(this.clock.after(end.afterMs, () => this.exited(task, { code: end.code, signal: null })));
  }

  private killTask(task: SimulatedTask): void {
    const { framework } = this.start;
    if ((framework.capabilities ?? []).some(({ type }) => type === 'TASK_KILLING_STATE')) this.report(task.info, 'TASK_KILLING');
    this.ended(task, 'TASK_KILLED', { message: exitMessage({ code: null, signal: 'SIGTERM' }) });
  }

  private exited(task: SimulatedTask, exit: Exit): void {
    this.ended(task, exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', { message: exitMessage(exit) });
  }

  private ended(task: SimulatedTask, state: TaskState, details: StatusDetails): void {
    for (const callOff of task.callOff) callOff();
    if (!this.tasks.delete(task.info.task_id.value)) return;
    this.report(task.info, state, details);
    // One of a group that fails or is killed takes the others along (default_executor.cpp, waited).
    if (state !== 'TASK_FINISHED') for (const other of task.group) this.kill(other.task_id.value);
    if (this.tasks.size === 0) this.end(0);
  }

  private end(waitStatus: number): void {
    if (this.isGone) return;
    this.isGone = true;
    for (const { callOff } of this.tasks.values()) for (const each of callOff) each();
    this.tasks.clear();
    this.connection.exited(waitStatus);
    this.settleFinished();
  }

  private report(task: TaskInfo, state: TaskState, details?: StatusDetails): void {
    const containerStatus = {
      container_id: { value: this.containerId },
      network_infos: [{ ip_addresses: [{ ip_address: this.by.ip }] }],
    };
    this.connection.status(executorStatus(task, this.executorId, containerStatus, state, details));
  }
}
