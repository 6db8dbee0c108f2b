// All updates that an agent has to tell, each task's by itself (task_status_update_manager.cpp).
import type { TaskStatus } from '../generated/protocol.js';
import type { ProcessLife } from './process-life.js';
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

export interface TaskId {
  readonly frameworkId: string;
  readonly taskId: string;
}

interface TaskUpdates extends TaskId {
  stream: UpdateStream;
  retry: NodeJS.Timeout | undefined;
}

const keyOf = ({ frameworkId, taskId }: TaskId): string => `${frameworkId} ${taskId}`;

export class StatusUpdates {
  private readonly streams = new Map<string, TaskUpdates>();
  /** Until the agent is registered nothing goes out. */
  private isPaused = true;

  constructor(
    private readonly intervals: RetryIntervals,
    private readonly life: ProcessLife,
    private readonly send: (task: TaskId, status: TaskStatus) => void,
  ) {}

  add(task: TaskId, status: TaskStatus): void {
    const updates = this.streams.get(keyOf(task)) ?? { ...task, stream: emptyStream(this.intervals), retry: undefined };
    this.streams.set(keyOf(task), updates);
    this.follow(updates, addUpdate(updates.stream, status));
  }

  /** What an earlier process of the agent had not been acknowledged. */
  recover(task: TaskId, pending: readonly TaskStatus[]): void {
    if (pending.length === 0) return;
    this.streams.set(keyOf(task), { ...task, stream: { ...emptyStream(this.intervals), pending }, retry: undefined });
  }

  /** 'duplicate': nothing waits for it. 'done': of the task's last update. */
  acknowledge(task: TaskId, uuid: string): 'duplicate' | 'next' | 'done' {
    const updates = this.streams.get(keyOf(task));
    const step = updates && acknowledgeUpdate(updates.stream, uuid, this.intervals);
    if (updates === undefined || step === undefined) return 'duplicate';
    if (step.done === true) this.forget(task);
    else this.follow(updates, step);
    return step.done === true ? 'done' : 'next';
  }

  forget(task: TaskId): void {
    const key = keyOf(task);
    clearTimeout(this.streams.get(key)?.retry);
    this.streams.delete(key);
  }

  pause(): void {
    this.isPaused = true;
    for (const { retry } of this.streams.values()) clearTimeout(retry);
  }

  /** The first of each task goes out again at once. */
  resume(): void {
    this.isPaused = false;
    for (const updates of this.streams.values()) this.follow(updates, resumeStream(updates.stream, this.intervals));
  }

  private follow(updates: TaskUpdates, { stream, send }: StreamStep): void {
    updates.stream = stream;
    if (this.isPaused) return;
    if (send === undefined && stream.pending.length > 0) return;
    clearTimeout(updates.retry);
    if (send === undefined) return;
    updates.retry = this.life.after(stream.retryMs, () => this.follow(updates, retryUpdate(updates.stream, this.intervals)));
    this.send(updates, send);
  }
}
