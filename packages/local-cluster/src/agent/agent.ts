// An agent's process: has executors run tasks, and tells of them until it is acknowledged (src/slave/slave.cpp).
import type { ExecutorInfo, FrameworkInfo, KillPolicy, TaskInfo, TaskStatus } from '../generated/protocol.js';
import type { ExecutorStatus } from '../executor/executor.js';
import { isTerminal } from '../master/domain/task.js';
import type { AgentInfo, TasksOfFramework, ToAgent, ToMaster } from '../network/messages.js';
import { AgentOperations } from './agent-operations.js';
import { completeStatus, lossState, ownStatus } from './agent-status.js';
import { Books, type RunningExecutor, type RunningFramework, type RunningTask } from './books.js';
import type { AgentCheckpoint, CheckpointedAgent, CheckpointedExecutor, DrainConfig } from './checkpoint/agent-checkpoint.js';
import { recoverTask } from './checkpoint/recover-task.js';
import { drainKillPolicy } from './drain-kill-policy.js';
import type { Machine } from './machine.js';
import type { ProcessLife } from './process-life.js';
import { StatusUpdates, type TaskId } from './status-updates.js';
import type { RetryIntervals } from './update-stream.js';

export interface AgentSettings {
  readonly info: AgentInfo;
  readonly retryIntervals: RetryIntervals;
  readonly machine: Machine;
  readonly checkpoint: AgentCheckpoint;
  readonly life: ProcessLife;
  readonly send: (message: ToMaster) => void;
  /** The fault "commands die": how soon after its start, or undefined. */
  readonly diesAfterMs: () => number | undefined;
  /** All that it ran has ended, after the master had told it to end. */
  readonly terminated: () => void;
}

export class Agent {
  /** Given by the master at the first registration. */
  id: string | undefined;
  private readonly books = new Books();
  private readonly updates: StatusUpdates;
  private readonly operations: AgentOperations;
  private drain: DrainConfig | undefined;
  /** The master told it to end (ShutdownMessage). */
  private isTerminating = false;

  constructor(private readonly settings: AgentSettings) {
    const { retryIntervals, life, info, checkpoint, send } = settings;
    this.updates = new StatusUpdates(retryIntervals, life, (task, status) => this.sendUpdate(task, status));
    this.operations = new AgentOperations(info.resources, {
      intervals: retryIntervals,
      life,
      checkpoint,
      agentId: () => this.id ?? '',
      send,
    });
  }

  get info(): AgentInfo {
    return this.settings.info;
  }

  /** It has something to tell of after its process came back, and executors to wait for. */
  get hasFrameworks(): boolean {
    return !this.books.isEmpty;
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'run-task':
        return this.run(message.framework, message.task.executor, [message.task], message.role);
      case 'run-task-group':
        return this.run(message.framework, message.executor, message.tasks, message.role);
      case 'kill-task':
        return this.killTask(message.frameworkId, message.taskId, message.killPolicy);
      case 'acknowledge':
        return this.acknowledge(message.frameworkId, message.taskId, message.uuid);
      case 'shutdown-framework':
        return this.shutdownFramework(message.frameworkId);
      case 'shutdown-executor':
        return this.books.executor(message.frameworkId, message.executorId)?.executor?.shutdown();
      case 'framework-message':
        return this.books.executor(message.frameworkId, message.executorId)?.executor?.message(message.data);
      case 'update-framework':
        return this.updateFramework(message.framework);
      case 'apply-operation':
        return this.operations.apply(message);
      case 'acknowledge-operation-status':
        this.operations.acknowledge(message.operationUuid, message.statusUuid);
        return this.finishDraining();
      case 'drain':
        return this.startDraining({ maxGracePeriodMs: message.maxGracePeriodMs, markGone: message.markGone });
      case 'shutdown':
        return this.shutdown();
    }
  }

  /** What the master is told at registration. */
  registration(): ToMaster {
    const { id, info, operations, books } = this;
    if (id === undefined) return { type: 'register', agent: info, total: operations.total };
    return {
      type: 'reregister',
      agentId: id,
      agent: info,
      total: operations.total,
      frameworks: books.infos(),
      tasks: books.reportedTasks(),
      executors: books.reportedExecutors(),
      operations: operations.reported(),
    };
  }

  registered(agentId: string): void {
    this.id = agentId;
    this.settings.checkpoint.saveAgent({ id: agentId, info: this.info });
    this.resume();
  }

  reregistered(reconciliations: readonly TasksOfFramework[]): void {
    this.resume();
    for (const { framework, taskIds } of reconciliations)
      for (const taskId of taskIds) {
        if (this.books.task(framework.id?.value ?? '', taskId) !== undefined) continue;
        const message = 'Reconciliation: task unknown to the agent';
        this.tell(framework, ownStatus(taskId, lossState(framework, 'TASK_DROPPED'), 'REASON_RECONCILIATION', message));
      }
  }

  /** Until the master answers nothing is told. */
  disconnected(): void {
    this.updates.pause();
    this.operations.pause();
  }

  /** Takes over what an earlier process wrote down; executors that live are heard from now on. */
  recover(checkpointed: CheckpointedAgent): void {
    this.id = checkpointed.id;
    this.drain = checkpointed.drain;
    this.operations.recover(checkpointed.total ?? this.info.resources, checkpointed.operations);
    for (const { info, executors } of checkpointed.frameworks) {
      const framework = this.books.addFramework(info);
      for (const executor of executors) this.recoverExecutor(framework, executor);
      this.removeIfIdle(framework);
    }
    const known = new Set([...this.books.executors()].map(({ containerId }) => containerId));
    this.settings.machine.shutdownUnknown((containerId) => known.has(containerId));
  }

  /** Those executors that did not come back are gone. */
  recovered(): void {
    for (const executor of [...this.books.executors()]) if (executor.executor === undefined) this.executorExited(executor, -1);
    if (this.drain !== undefined) this.startDraining(this.drain);
  }

  private resume(): void {
    this.updates.resume();
    this.operations.resume();
  }

  private run(frameworkInfo: FrameworkInfo, info: ExecutorInfo | undefined, tasks: readonly TaskInfo[], role: string): void {
    const [first] = tasks;
    if (first === undefined || first.agent_id.value !== this.id || this.isTerminating) return;
    const drop = (reason: TaskStatus.Reason, message: string): void => {
      for (const { task_id } of tasks)
        this.tell(frameworkInfo, ownStatus(task_id.value, lossState(frameworkInfo, 'TASK_DROPPED'), reason, message));
    };
    if (this.drain !== undefined) return drop('REASON_AGENT_DRAINING', 'Task was received while agent was already draining');
    const framework = this.frameworkFor(frameworkInfo);
    const executorId = info?.executor_id.value ?? first.task_id.value;
    const present = framework.executors.get(executorId);
    if (present !== undefined) {
      if (present.executor === undefined) return drop('REASON_EXECUTOR_TERMINATED', 'Executor terminated');
      this.addTasks(present, tasks, role);
      return present.executor.launch(tasks);
    }
    const { machine, info: agent, diesAfterMs } = this.settings;
    const by = { agentId: this.id, ip: agent.ip, port: agent.port, diesAfterMs };
    const executor = machine.start(by, { framework: frameworkInfo, executor: info, tasks, role });
    const running: RunningExecutor = {
      id: executorId,
      containerId: executor.containerId,
      info,
      role,
      framework,
      executor,
      tasks: new Map(),
    };
    framework.executors.set(executorId, running);
    this.saveExecutor(running);
    this.addTasks(running, tasks, role);
    this.listen(running);
  }

  private frameworkFor(info: FrameworkInfo): RunningFramework {
    const present = this.books.framework(info.id?.value ?? '');
    if (present !== undefined) return present;
    if (info.checkpoint === true) this.settings.checkpoint.saveFramework(info);
    return this.books.addFramework(info);
  }

  private saveExecutor({ framework, id, containerId, info, role }: RunningExecutor): void {
    if (framework.info.checkpoint === true)
      this.settings.checkpoint.saveExecutor(framework.id, { executorId: id, containerId, info, role });
  }

  private addTasks(executor: RunningExecutor, tasks: readonly TaskInfo[], role: string): void {
    for (const info of tasks) {
      executor.tasks.set(info.task_id.value, { info, role, state: 'TASK_STAGING', lastStatus: undefined, sent: undefined });
      if (executor.framework.info.checkpoint === true) this.settings.checkpoint.saveTask(this.pathOf(executor), info);
    }
  }

  private pathOf({ framework, id }: RunningExecutor): { frameworkId: string; executorId: string } {
    return { frameworkId: framework.id, executorId: id };
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
    this.settings.send({ type: 'executor-message', agentId: this.id ?? '', frameworkId: framework.id, executorId: id, data });
  }

  private executorExited(running: RunningExecutor, status: number): void {
    const { framework, id, info, tasks } = running;
    running.executor = undefined;
    for (const { info: task, state } of [...tasks.values()])
      if (!isTerminal(state))
        this.tell(framework.info, ownStatus(task.task_id.value, 'TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'Executor terminated', id));
    if (info !== undefined)
      this.settings.send({ type: 'exited-executor', agentId: this.id ?? '', frameworkId: framework.id, executorId: id, status });
    this.removeIfDone(running);
  }

  private removeIfDone(running: RunningExecutor): void {
    if (running.executor !== undefined || running.tasks.size > 0) return;
    running.framework.executors.delete(running.id);
    this.settings.checkpoint.removeExecutor(this.pathOf(running));
    this.removeIfIdle(running.framework);
  }

  private removeIfIdle(framework: RunningFramework): void {
    if (framework.executors.size > 0) return;
    this.books.removeFramework(framework);
    this.settings.checkpoint.removeFramework(framework.id);
    this.finishDraining();
  }

  private killTask(frameworkId: string, taskId: string, policy: KillPolicy | undefined): void {
    const framework = this.books.framework(frameworkId);
    if (framework === undefined) return;
    const running = this.books.executorOf(frameworkId, taskId);
    if (running !== undefined) return running.executor?.kill(taskId, policy);
    const state = lossState(framework.info, 'TASK_DROPPED');
    this.tell(framework.info, ownStatus(taskId, state, 'REASON_EXECUTOR_TERMINATED', 'Cannot find executor'));
  }

  private acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const outcome = this.updates.acknowledge({ frameworkId, taskId }, uuid);
    const running = this.books.executorOf(frameworkId, taskId);
    if (outcome === 'duplicate' || running === undefined) return;
    if (running.framework.info.checkpoint === true)
      this.settings.checkpoint.addUpdate(this.pathOf(running), taskId, { type: 'acknowledgement', uuid });
    if (outcome === 'next') return;
    running.tasks.delete(taskId);
    this.settings.checkpoint.removeTask(this.pathOf(running), taskId);
    this.removeIfDone(running);
  }

  private shutdownFramework(frameworkId: string): void {
    const framework = this.books.framework(frameworkId);
    if (framework === undefined) return;
    for (const { executor, tasks } of framework.executors.values()) {
      for (const taskId of tasks.keys()) this.updates.forget({ frameworkId, taskId });
      executor?.shutdown();
    }
    framework.executors.clear();
    this.removeIfIdle(framework);
  }

  private updateFramework(info: FrameworkInfo): void {
    const framework = this.books.framework(info.id?.value ?? '');
    if (framework === undefined) return;
    framework.info = info;
    if (info.checkpoint === true) this.settings.checkpoint.saveFramework(info);
    // It has a scheduler again, which may have missed something; Mesos tells all of them.
    this.updates.resume();
  }

  private startDraining(drain: DrainConfig): void {
    if (this.books.isEmpty && this.operations.isEmpty) return;
    this.drain = drain;
    this.settings.checkpoint.saveDrain(drain);
    for (const { executor, tasks } of [...this.books.executors()])
      for (const { info, state } of [...tasks.values()])
        if (!isTerminal(state)) executor?.kill(info.task_id.value, drainKillPolicy(info.kill_policy, drain.maxGracePeriodMs));
  }

  private finishDraining(): void {
    if (this.isTerminating && this.books.isEmpty) return this.settings.terminated();
    if (this.drain === undefined || !this.books.isEmpty || !this.operations.isEmpty) return;
    this.drain = undefined;
    this.settings.checkpoint.saveDrain(undefined);
  }

  private shutdown(): void {
    this.isTerminating = true;
    this.disconnected();
    for (const { id } of this.books.infos()) this.shutdownFramework(id?.value ?? '');
    if (this.books.isEmpty) this.settings.terminated();
  }

  /** Takes in what became of a task, writes it down and sends it. */
  private tell(framework: FrameworkInfo, said: ExecutorStatus): void {
    const [frameworkId, taskId] = [framework.id?.value ?? '', said.task_id.value];
    const running = this.books.executorOf(frameworkId, taskId);
    const task: RunningTask | undefined = running?.tasks.get(taskId);
    if (task !== undefined && isTerminal(task.state)) return;
    const status = completeStatus(said, this.id ?? '', framework, this.drain, Date.now());
    if (running !== undefined && task !== undefined) {
      task.state = status.state;
      task.lastStatus = status;
      if (framework.checkpoint === true) this.settings.checkpoint.addUpdate(this.pathOf(running), taskId, { type: 'update', status });
    }
    this.updates.add({ frameworkId, taskId }, status);
  }

  private sendUpdate({ frameworkId, taskId }: TaskId, status: TaskStatus): void {
    const running = this.books.executorOf(frameworkId, taskId);
    const task = running?.tasks.get(taskId);
    if (task !== undefined) task.sent = status;
    const executorId = running?.info === undefined ? undefined : running.id;
    const update = { agentId: this.id ?? '', frameworkId, executorId, status, latestState: task?.state ?? status.state };
    this.settings.send({ type: 'status-update', update });
  }
}
