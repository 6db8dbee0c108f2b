// What an agent writes down of itself, and where (src/slave/paths.hpp, `meta/slaves/latest/…`). Nothing is written of frameworks
// that don't want it (FrameworkInfo.checkpoint).
import type { ExecutorInfo, FrameworkInfo, TaskInfo, TaskStatus } from '../../generated/protocol.js';
import type { AgentInfo, ReportedOperation } from '../../network/messages.js';
import type { Resources } from '../../resources/resources.js';
import type { RecordPath, RecordTree } from './record-tree.js';

export interface AgentRecord {
  readonly id: string;
  readonly info: AgentInfo;
}

export interface DrainConfig {
  readonly maxGracePeriodMs: number | undefined;
  readonly markGone: boolean;
}

export interface ExecutorRecord {
  readonly executorId: string;
  readonly containerId: string;
  /** undefined: made for a command task. */
  readonly info: ExecutorInfo | undefined;
  readonly role: string;
}

export type UpdateRecord =
  { readonly type: 'update'; readonly status: TaskStatus } | { readonly type: 'acknowledgement'; readonly uuid: string };

export interface ExecutorPath {
  readonly frameworkId: string;
  readonly executorId: string;
}

export interface CheckpointedTask {
  readonly info: TaskInfo;
  readonly updates: readonly UpdateRecord[];
}

export interface CheckpointedExecutor extends ExecutorRecord {
  readonly tasks: readonly CheckpointedTask[];
}

export interface CheckpointedFramework {
  readonly info: FrameworkInfo;
  readonly executors: readonly CheckpointedExecutor[];
}

export interface CheckpointedAgent extends AgentRecord {
  /** undefined: as it was started with. */
  readonly total: Resources | undefined;
  readonly drain: DrainConfig | undefined;
  readonly operations: readonly ReportedOperation[];
  readonly frameworks: readonly CheckpointedFramework[];
}

const LATEST: RecordPath = ['slaves', 'latest'];
const INFO = [...LATEST, 'slave.info'];
const RESOURCES = [...LATEST, 'resources.state'];
const DRAIN = [...LATEST, 'drain.config'];
const FRAMEWORKS = [...LATEST, 'frameworks'];

const frameworkPath = (frameworkId: string): RecordPath => [...FRAMEWORKS, frameworkId];
const executorsPath = (frameworkId: string): RecordPath => [...frameworkPath(frameworkId), 'executors'];
const executorPath = ({ frameworkId, executorId }: ExecutorPath): RecordPath => [...executorsPath(frameworkId), executorId];
const tasksPath = (path: ExecutorPath): RecordPath => [...executorPath(path), 'runs', 'latest', 'tasks'];
const taskPath = (path: ExecutorPath, taskId: string): RecordPath => [...tasksPath(path), taskId];

interface ResourceState {
  readonly total: Resources;
  readonly operations: readonly ReportedOperation[];
}

export class AgentCheckpoint {
  constructor(private readonly records: RecordTree) {}

  saveAgent(agent: AgentRecord): void {
    this.records.write(INFO, agent);
  }

  saveResources(state: ResourceState): void {
    this.records.write(RESOURCES, state);
  }

  saveDrain(drain: DrainConfig | undefined): void {
    if (drain === undefined) this.records.remove(DRAIN);
    else this.records.write(DRAIN, drain);
  }

  saveFramework(info: FrameworkInfo): void {
    this.records.write([...frameworkPath(info.id?.value ?? ''), 'framework.info'], info);
  }

  saveExecutor(frameworkId: string, executor: ExecutorRecord): void {
    this.records.write([...executorPath({ frameworkId, executorId: executor.executorId }), 'executor.info'], executor);
  }

  saveTask(executor: ExecutorPath, info: TaskInfo): void {
    this.records.write([...taskPath(executor, info.task_id.value), 'task.info'], info);
  }

  addUpdate(executor: ExecutorPath, taskId: string, update: UpdateRecord): void {
    this.records.append([...taskPath(executor, taskId), 'task.updates'], update);
  }

  removeTask(executor: ExecutorPath, taskId: string): void {
    this.records.remove(taskPath(executor, taskId));
  }

  removeExecutor(executor: ExecutorPath): void {
    this.records.remove(executorPath(executor));
  }

  removeFramework(frameworkId: string): void {
    this.records.remove(frameworkPath(frameworkId));
  }

  /** The next process registers as a new agent. */
  forget(): void {
    this.records.remove(LATEST);
  }

  /** undefined: there was no agent here, or it never registered. */
  read(): CheckpointedAgent | undefined {
    const agent = this.one<AgentRecord>(INFO);
    if (agent === undefined) return undefined;
    const resources = this.one<ResourceState>(RESOURCES);
    return {
      ...agent,
      total: resources?.total,
      drain: this.one<DrainConfig>(DRAIN),
      operations: resources?.operations ?? [],
      frameworks: this.records.list(FRAMEWORKS).flatMap((frameworkId) => this.framework(frameworkId)),
    };
  }

  private framework(frameworkId: string): CheckpointedFramework[] {
    const info = this.one<FrameworkInfo>([...frameworkPath(frameworkId), 'framework.info']);
    if (info === undefined) return [];
    const executors = this.records.list(executorsPath(frameworkId)).flatMap((id) => this.executor({ frameworkId, executorId: id }));
    return [{ info, executors }];
  }

  private executor(path: ExecutorPath): CheckpointedExecutor[] {
    const record = this.one<ExecutorRecord>([...executorPath(path), 'executor.info']);
    if (record === undefined) return [];
    const tasks = this.records.list(tasksPath(path)).flatMap((taskId) => {
      const info = this.one<TaskInfo>([...taskPath(path, taskId), 'task.info']);
      return info === undefined
        ? []
        : [{ info, updates: this.records.read([...taskPath(path, taskId), 'task.updates']) as UpdateRecord[] }];
    });
    return [{ ...record, tasks }];
  }

  private one<T>(path: RecordPath): T | undefined {
    return this.records.read(path)[0] as T | undefined;
  }
}
