// An agent's process, as its master knows it (src/slave/slave.cpp).
import type { AgentInfo, TasksOfFramework, ToAgent, ToMaster } from '../network/messages.js';
import { AgentOperations } from './agent-operations.js';
import { AgentTasks } from './agent-tasks.js';
import type { AgentCheckpoint, CheckpointedAgent, DrainConfig } from './checkpoint/agent-checkpoint.js';
import type { ShownAgent } from './http/agent-report.js';
import type { Machine } from './machine.js';
import type { ProcessLife } from './process-life.js';
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
  /** The master told it to end, and so it does. */
  readonly terminated: () => void;
}

export class Agent {
  /** Given by the master at the first registration. */
  id: string | undefined;
  private readonly tasks: AgentTasks;
  private readonly operations: AgentOperations;
  private drain: DrainConfig | undefined;

  constructor(private readonly settings: AgentSettings) {
    const { retryIntervals: intervals, life, info, checkpoint, send } = settings;
    const agentId = (): string => this.id ?? '';
    this.tasks = new AgentTasks({ ...settings, agentId, drain: () => this.drain, idle: () => this.finishDraining() });
    this.operations = new AgentOperations(info.resources, { intervals, life, checkpoint, agentId, send });
  }

  /** It has something to tell of after its process came back, and executors to wait for. */
  get hasFrameworks(): boolean {
    return !this.tasks.books.isEmpty;
  }

  knownTasks(): string[] {
    return [...this.tasks.books.executors()].flatMap(({ tasks }) => [...tasks.keys()]);
  }

  receive(message: ToAgent): void {
    const { tasks, operations } = this;
    switch (message.type) {
      case 'run-task':
        return tasks.run(message.framework, message.task.executor, [message.task], message.role);
      case 'run-task-group':
        return tasks.run(message.framework, message.executor, message.tasks, message.role);
      case 'kill-task':
        return tasks.kill(message.frameworkId, message.taskId, message.killPolicy);
      case 'acknowledge':
        return tasks.acknowledge(message.frameworkId, message.taskId, message.uuid);
      case 'shutdown-framework':
        return tasks.shutdownFramework(message.frameworkId);
      case 'shutdown-executor':
        return tasks.books.executor(message.frameworkId, message.executorId)?.executor?.shutdown();
      case 'framework-message':
        return tasks.books.executor(message.frameworkId, message.executorId)?.executor?.message(message.data);
      case 'update-framework':
        return tasks.updateFramework(message.framework);
      case 'apply-operation':
        return operations.apply(message);
      case 'acknowledge-operation-status':
        operations.acknowledge(message.operationUuid, message.statusUuid);
        return this.finishDraining();
      case 'drain':
        return this.startDraining({ maxGracePeriodMs: message.maxGracePeriodMs, markGone: message.markGone });
      case 'shutdown':
        return this.shutdown();
    }
  }

  /** What the master is told at registration. */
  registration(): ToMaster {
    const { id, operations } = this;
    const { info } = this.settings;
    const { books } = this.tasks;
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

  /** What its endpoints show. */
  shown(): ShownAgent {
    const { books, history } = this.tasks;
    return {
      id: this.id,
      total: this.operations.total,
      drain: this.drain,
      frameworks: books.all().map((framework) => history.ofRunning(framework)),
      completedFrameworks: history.completed((frameworkId) => books.framework(frameworkId) !== undefined),
      endedTasks: history.endedTasks,
    };
  }

  registered(agentId: string): void {
    this.id = agentId;
    this.settings.checkpoint.saveAgent({ id: agentId, info: this.settings.info });
    this.resume();
  }

  reregistered(reconciliations: readonly TasksOfFramework[]): void {
    this.resume();
    for (const { framework, taskIds } of reconciliations) this.tasks.explain(framework, taskIds);
  }

  /** Until the master answers nothing is told. */
  disconnected(): void {
    this.tasks.updates.pause();
    this.operations.pause();
  }

  /** Takes over what an earlier process wrote down. */
  recover({ id, drain, total, operations, frameworks }: CheckpointedAgent): void {
    this.id = id;
    this.drain = drain;
    this.operations.recover(total ?? this.settings.info.resources, operations);
    this.tasks.recover(frameworks);
  }

  /** The executors have had their time to come back. */
  recovered(): void {
    this.tasks.loseExecutors();
    if (this.drain !== undefined) this.startDraining(this.drain);
  }

  private resume(): void {
    this.tasks.updates.resume();
    this.operations.resume();
  }

  private startDraining(drain: DrainConfig): void {
    if (this.tasks.books.isEmpty && this.operations.isEmpty) return;
    this.drain = drain;
    this.settings.checkpoint.saveDrain(drain);
    this.tasks.killAll(drain.maxGracePeriodMs);
  }

  private finishDraining(): void {
    if (this.drain === undefined || !this.tasks.books.isEmpty || !this.operations.isEmpty) return;
    this.drain = undefined;
    this.settings.checkpoint.saveDrain(undefined);
  }

  private shutdown(): void {
    for (const { id } of this.tasks.books.infos()) this.tasks.shutdownFramework(id?.value ?? '');
    this.settings.terminated();
  }
}
