// The tasks of an agent: has executors run them, writes down and tells what becomes of them until it is acknowledged
// (slave.cpp: run, kill, statusUpdate, executorTerminated, recoverExecutor).
import type { ExecutorInfo, FrameworkInfo, KillPolicy, TaskInfo, TaskStatus } from '../generated/protocol.js';
import type { ExecutorStatus } from '../executor/executor.js';
import { isTerminal } from '../master/domain/task.js';
import type { AgentInfo, ToMaster } from '../network/messages.js';
import { completeStatus, lossState, ownStatus } from './agent-status.js';
import { Books, type RunningExecutor, type RunningFramework } from './books.js';
import type { AgentCheckpoint, CheckpointedExecutor, CheckpointedFramework, DrainConfig } from './checkpoint/agent-checkpoint.js';
import { recoverTask } from './checkpoint/recover-task.js';
import { drainKillPolicy } from './drain-kill-policy.js';
import { AgentHistory } from './history.js';
import type { Machine } from './machine.js';
import type { ProcessLife } from './process-life.js';
import { StatusUpdates, type TaskId } from './status-updates.js';
import type { RetryIntervals } from './update-stream.js';

export interface AgentTasksSettings {
  readonly info: AgentInfo;
  readonly retryIntervals: RetryIntervals;
  readonly machine: Machine;
  readonly checkpoint: AgentCheckpoint;
  readonly life: ProcessLife;
  readonly agentId: () => string;
  /** While the agent is being drained. */
  readonly drain: () => DrainConfig | undefined;
  readonly diesAfterMs: () => number | undefined;
  readonly send: (message: ToMaster) => void;
  /** There is no framework any more. */
  readonly idle: () => void;
}

export class AgentTasks {
  readonly books = new Books();
  readonly history = new AgentHistory();
  readonly updates: StatusUpdates;

  constructor(private readonly settings: AgentTasksSettings) {
    this.updates = new StatusUpdates(settings.retryIntervals, settings.life, (task, status) => this.sendUpdate(task, status));
  }

  /** `info` undefined: a command task. */
  run(frameworkInfo: FrameworkInfo, info: ExecutorInfo | undefined, tasks: readonly TaskInfo[], role: string): void {
    const [first] = tasks;
    if (first === undefined || first.agent_id.value !== this.settings.agentId()) return;
    if (this.settings.drain() !== undefined)
      return this.drop(frameworkInfo, tasks, 'REASON_AGENT_DRAINING', 'Task was received while agent was already draining');
    const framework = this.frameworkFor(frameworkInfo);
    const executorId = info?.executor_id.value ?? first.task_id.value;
    const present = framework.executors.get(executorId);
    if (present === undefined) return this.start(framework, executorId, info, tasks, role);
    if (present.executor === undefined) return this.drop(frameworkInfo, tasks, 'REASON_EXECUTOR_TERMINATED', 'Executor terminated');
    this.addTasks(present, tasks, role);
    present.executor.launch(tasks);
  }

  kill(frameworkId: string, taskId: string, policy: KillPolicy | undefined): void {
    const framework = this.books.framework(frameworkId);
    if (framework === undefined) return;
    const running = this.books.executorOf(frameworkId, taskId);
    if (running !== undefined) return running.executor?.kill(taskId, policy);
    const state = lossState(framework.info, 'TASK_DROPPED');
    this.tell(framework.info, ownStatus(taskId, state, 'REASON_EXECUTOR_TERMINATED', 'Cannot find executor'));
  }

  killAll(maxGracePeriodMs: number | undefined): void {
    for (const { executor, tasks } of [...this.books.executors()])
      for (const { info, state } of [...tasks.values()])
        if (!isTerminal(state)) executor?.kill(info.task_id.value, drainKillPolicy(info.kill_policy, maxGracePeriodMs));
  }

  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const outcome = this.updates.acknowledge({ frameworkId, taskId }, uuid);
    const running = this.books.executorOf(frameworkId, taskId);
    if (outcome === 'duplicate' || running === undefined) return;
    this.write(running, (checkpoint, path) => checkpoint.addUpdate(path, taskId, { type: 'acknowledgement', uuid }));
    if (outcome === 'next') return;
    this.history.taskCompleted(running, taskId);
    running.tasks.delete(taskId);
    this.write(running, (checkpoint, path) => checkpoint.removeTask(path, taskId));
    this.removeIfDone(running);
  }

  /** Nobody is told any more of what becomes of its tasks. */
  shutdownFramework(frameworkId: string): void {
    const framework = this.books.framework(frameworkId);
    if (framework === undefined) return;
    for (const running of framework.executors.values()) {
      for (const taskId of running.tasks.keys()) this.updates.forget({ frameworkId, taskId });
      running.executor?.shutdown();
      this.history.executorCompleted(running);
    }
    framework.executors.clear();
    this.removeIfIdle(framework);
  }

  updateFramework(info: FrameworkInfo): void {
    const framework = this.books.framework(info.id?.value ?? '');
    if (framework === undefined) return;
    framework.info = info;
    if (info.checkpoint === true) this.settings.checkpoint.saveFramework(info);
    // It has a scheduler again, which may have missed something; Mesos tells those of all frameworks.
    this.updates.resume();
  }

  /** The master asks for tasks that the agent didn't name: it may not know them (slave.cpp, reregistered). */
  explain(framework: FrameworkInfo, taskIds: readonly string[]): void {
    const message = 'Reconciliation: task unknown to the agent';
    for (const taskId of taskIds)
      if (this.books.task(framework.id?.value ?? '', taskId) === undefined)
        this.tell(framework, ownStatus(taskId, lossState(framework, 'TASK_DROPPED'), 'REASON_RECONCILIATION', message));
  }

  /** Takes over what an earlier process wrote down; executors that live are heard from now on, others are told to end. */
  recover(frameworks: readonly CheckpointedFramework[]): void {
    for (const { info, executors } of frameworks) {
      const framework = this.books.addFramework(info);
      for (const executor of executors) this.recoverExecutor(framework, executor);
      this.removeIfIdle(framework);
    }
    const known = new Set([...this.books.executors()].map(({ containerId }) => containerId));
    this.settings.machine.shutdownUnknown((containerId) => known.has(containerId));
  }

  /** Those executors that did not come back are gone. */
  loseExecutors(): void {
    for (const running of [...this.books.executors()]) if (running.executor === undefined) this.executorExited(running, -1);
  }

  private start(framework: RunningFramework, id: string, info: ExecutorInfo | undefined, tasks: readonly TaskInfo[], role: string): void {
    const { machine, info: agent, agentId, diesAfterMs } = this.settings;
    const by = { agentId: agentId(), ip: agent.ip, port: agent.port, diesAfterMs };
    const executor = machine.start(by, { framework: framework.info, executor: info, tasks, role });
    const { containerId } = executor;
    const running: RunningExecutor = { id, containerId, info, role, framework, executor, tasks: new Map() };
    framework.executors.set(id, running);
    this.write(running, (checkpoint) => checkpoint.saveExecutor(framework.id, { executorId: id, containerId, info, role }));
    this.addTasks(running, tasks, role);
    this.listen(running);
  }

  private frameworkFor(info: FrameworkInfo): RunningFramework {
    const present = this.books.framework(info.id?.value ?? '');
    if (present !== undefined) return present;
    if (info.checkpoint === true) this.settings.checkpoint.saveFramework(info);
    return this.books.addFramework(info);
  }

  private addTasks(running: RunningExecutor, tasks: readonly TaskInfo[], role: string): void {
    for (const info of tasks) {
      running.tasks.set(info.task_id.value, { info, role, state: 'TASK_STAGING', lastStatus: undefined, sent: undefined });
      this.write(running, (checkpoint, path) => checkpoint.saveTask(path, info));
    }
  }

  private drop(framework: FrameworkInfo, tasks: readonly TaskInfo[], reason: TaskStatus.Reason, message: string): void {
    for (const { task_id } of tasks) this.tell(framework, ownStatus(task_id.value, lossState(framework, 'TASK_DROPPED'), reason, message));
  }

  private recoverExecutor(framework: RunningFramework, record: CheckpointedExecutor): void {
    const { executorId, containerId, info, role } = record;
    const executor = this.settings.machine.find(containerId);
    const running: RunningExecutor = { id: executorId, containerId, info, role, framework, executor, tasks: new Map() };
    for (const task of record.tasks) {
      const { state, lastStatus, pending, statusUpdate, isCompleted } = recoverTask(task.updates);
      if (isCompleted) continue;
      running.tasks.set(task.info.task_id.value, { info: task.info, role, state, lastStatus, sent: statusUpdate });
      this.updates.recover({ frameworkId: framework.id, taskId: task.info.task_id.value }, pending);
    }
    framework.executors.set(executorId, running);
    if (executor !== undefined) this.listen(running);
  }

  private listen(running: RunningExecutor): void {
    const { life, machine } = this.settings;
    const heard = (act: () => void): void =>
      life.run(() => {
        if (this.books.executor(running.framework.id, running.id) === running) act();
      });
    running.executor?.connect({
      status: (status) => heard(() => this.tell(running.framework.info, status)),
      message: (data) => heard(() => this.sendMessage(running, data)),
      exited: (waitStatus) => {
        machine.forget(running.containerId);
        heard(() => this.executorExited(running, waitStatus));
      },
    });
  }

  private sendMessage({ framework, id }: RunningExecutor, data: string): void {
    const { agentId, send } = this.settings;
    send({ type: 'executor-message', agentId: agentId(), frameworkId: framework.id, executorId: id, data });
  }

  private executorExited(running: RunningExecutor, status: number): void {
    const { framework, id, info, tasks } = running;
    const { agentId, send } = this.settings;
    running.executor = undefined;
    for (const { info: task, state } of [...tasks.values()])
      if (!isTerminal(state))
        this.tell(framework.info, ownStatus(task.task_id.value, 'TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'Executor terminated', id));
    if (info !== undefined) send({ type: 'exited-executor', agentId: agentId(), frameworkId: framework.id, executorId: id, status });
    this.removeIfDone(running);
  }

  private removeIfDone(running: RunningExecutor): void {
    if (running.executor !== undefined || running.tasks.size > 0) return;
    running.framework.executors.delete(running.id);
    this.history.executorCompleted(running);
    this.write(running, (checkpoint, path) => checkpoint.removeExecutor(path));
    this.removeIfIdle(running.framework);
  }

  private removeIfIdle(framework: RunningFramework): void {
    if (framework.executors.size > 0) return;
    this.books.removeFramework(framework);
    this.history.frameworkCompleted(framework);
    if (framework.info.checkpoint === true) this.settings.checkpoint.removeFramework(framework.id);
    if (this.books.isEmpty) this.settings.idle();
  }

  /** Takes in what became of a task, writes it down and sends it. */
  private tell(framework: FrameworkInfo, said: ExecutorStatus): void {
    const [frameworkId, taskId] = [framework.id?.value ?? '', said.task_id.value];
    const running = this.books.executorOf(frameworkId, taskId);
    const task = running?.tasks.get(taskId);
    if (task !== undefined && isTerminal(task.state)) return;
    const status = completeStatus(said, this.settings.agentId(), framework, this.settings.drain(), Date.now());
    if (running !== undefined && task !== undefined) {
      task.state = status.state;
      task.lastStatus = status;
      this.write(running, (checkpoint, path) => checkpoint.addUpdate(path, taskId, { type: 'update', status }));
    }
    this.updates.add({ frameworkId, taskId }, status);
  }

  private sendUpdate({ frameworkId, taskId }: TaskId, status: TaskStatus): void {
    const running = this.books.executorOf(frameworkId, taskId);
    const task = running?.tasks.get(taskId);
    if (task !== undefined) task.sent = status;
    const executorId = running?.info === undefined ? undefined : running.id;
    const update = { agentId: this.settings.agentId(), frameworkId, executorId, status, latestState: task?.state ?? status.state };
    this.settings.send({ type: 'status-update', update });
  }

  /** Only for frameworks that want it. */
  private write(
    { framework, id }: RunningExecutor,
    write: (checkpoint: AgentCheckpoint, path: { readonly frameworkId: string; readonly executorId: string }) => void,
  ): void {
    if (framework.info.checkpoint === true) write(this.settings.checkpoint, { frameworkId: framework.id, executorId: id });
  }
}
