// Executors with real processes, without a cluster around them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandInfo, ExecutorInfo, FrameworkInfo, TaskInfo, TaskState } from '../../generated/protocol.js';
import { until } from '../../testing/processes.js';
import { defaultExecutorTimeouts, type Executor, type ExecutorContext, type ExecutorListener, type ExecutorStatus } from '../executor.js';
import { Fetcher } from '../fetcher/fetcher.js';
import { OrphanReaper } from '../orphan-reaper.js';
import { startExecutor } from '../start-executor.js';

export const aTask = (id: string, command: string | CommandInfo, overrides: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: 'A' },
  command: typeof command === 'string' ? { value: command } : command,
  ...overrides,
});

export const aFramework = (overrides: Partial<FrameworkInfo> = {}): FrameworkInfo => ({
  id: { value: 'F' },
  user: 'root',
  name: 'test',
  checkpoint: true,
  capabilities: [{ type: 'TASK_KILLING_STATE' }, { type: 'PARTITION_AWARE' }],
  ...overrides,
});

export const aGroupExecutor = (overrides: Partial<ExecutorInfo> = {}): ExecutorInfo => ({
  type: 'DEFAULT',
  executor_id: { value: 'pod' },
  ...overrides,
});

export const seconds = (value: number) => ({ nanoseconds: value * 1e9 });

/** What an executor told its agent, and the agent's side of the connection. */
export class ObservedExecutor implements ExecutorListener {
  readonly statuses: ExecutorStatus[] = [];
  waitStatus: number | undefined;

  constructor(
    readonly executor: Executor,
    readonly workDir: string,
  ) {
    executor.connect(this);
  }

  status(status: ExecutorStatus): void {
    this.statuses.push(status);
  }

  message(): void {
    // No executor here has anything to say.
  }

  exited(waitStatus: number): void {
    this.waitStatus = waitStatus;
  }

  of(taskId: string): ExecutorStatus[] {
    return this.statuses.filter(({ task_id }) => task_id.value === taskId);
  }

  states(taskId: string): TaskState[] {
    return this.of(taskId).map(({ state }) => state);
  }

  until(taskId: string, accepts: TaskState | ((status: ExecutorStatus) => boolean)): Promise<ExecutorStatus> {
    const fits = typeof accepts === 'string' ? ({ state }: ExecutorStatus) => state === accepts : accepts;
    return until(`${taskId} ${typeof accepts === 'string' ? accepts : 'status'}`, () => this.of(taskId).find(fits));
  }

  end(taskId: string): Promise<ExecutorStatus> {
    return this.until(taskId, ({ state }) => /FINISHED|FAILED|KILLED|DROPPED/.test(state));
  }

  /** The raw word of waitpid. */
  async exit(): Promise<number> {
    await this.executor.finished;
    return until('the end of the executor', () => (this.waitStatus === undefined ? undefined : { status: this.waitStatus })).then(
      ({ status }) => status,
    );
  }

  get sandbox(): string {
    return join(this.workDir, 'slaves/A/frameworks/F/executors', this.executor.executorId, 'runs/latest');
  }

  /** '' while there is none. */
  file(path: string): string {
    try {
      return readFileSync(join(this.sandbox, path), 'utf8');
    } catch {
      return '';
    }
  }
}

export interface StartOptions {
  readonly framework?: FrameworkInfo;
  /** Absent: a command task. */
  readonly executor?: ExecutorInfo;
  readonly context?: Partial<ExecutorContext>;
}

/** A directory of its own with all that executors need of an agent. */
export class ExecutorRoom {
  readonly workDir = mkdtempSync(join(tmpdir(), 'executors-'));
  private readonly reaper = new OrphanReaper(this.workDir, false);
  private readonly context: ExecutorContext = {
    agentId: 'A',
    ip: '127.0.0.11',
    port: 5051,
    workDir: this.workDir,
    executorEnvironment: {},
    reaper: this.reaper,
    fetcher: new Fetcher(join(this.workDir, 'fetch')),
    ...defaultExecutorTimeouts,
    diesAfterMs: () => undefined,
  };
  private readonly started: Executor[] = [];

  start(tasks: readonly TaskInfo[], { framework = aFramework(), executor, context = {} }: StartOptions = {}): ObservedExecutor {
    const started = startExecutor({ ...this.context, ...context }, { framework, executor, tasks, role: '*' });
    this.started.push(started);
    return new ObservedExecutor(started, this.workDir);
  }

  group(...tasks: readonly TaskInfo[]): ObservedExecutor {
    return this.start(tasks, { executor: aGroupExecutor() });
  }

  touch({ sandbox }: ObservedExecutor, path: string): void {
    writeFileSync(join(sandbox, path), '');
  }

  async close(): Promise<void> {
    for (const executor of this.started) executor.destroy();
    await Promise.all(this.started.map(({ finished }) => finished));
    await this.reaper.stop();
    rmSync(this.workDir, { recursive: true, force: true });
  }
}
