// The updates of one task on their way to the framework: one at a time, again until acknowledged
// (src/status_update_manager/status_update_manager_process.hpp).
import type { TaskState, TaskStatus } from '../generated/protocol.js';
import { isTerminal } from '../master/domain/task.js';

export interface RetryIntervals {
  /** 10 s in Mesos. */
  readonly minMs: number;
  /** 10 min in Mesos. */
  readonly maxMs: number;
}

export const defaultRetryIntervals: RetryIntervals = { minMs: 10_000, maxMs: 600_000 };

export interface UpdateStream {
  /** The first one has been sent, the others wait for its acknowledgement. */
  readonly pending: readonly TaskStatus[];
  /** How long after the next sending it is sent again. */
  readonly retryMs: number;
}

export const emptyStream = (intervals: RetryIntervals): UpdateStream => ({ pending: [], retryMs: intervals.minMs });

export interface StreamStep {
  readonly stream: UpdateStream;
  /** To be sent now, and again after `stream.retryMs`. */
  readonly send?: TaskStatus | undefined;
  /** The terminal update is acknowledged: the stream is over. */
  readonly done?: boolean;
}

export function addUpdate(stream: UpdateStream, status: TaskStatus): StreamStep {
  const pending = [...stream.pending, status];
  return { stream: { ...stream, pending }, send: stream.pending.length === 0 ? status : undefined };
}

/** An acknowledgement of anything but the update that is out is a duplicate: undefined. */
export function acknowledgeUpdate(stream: UpdateStream, uuid: string, intervals: RetryIntervals): StreamStep | undefined {
  const [out, ...pending] = stream.pending;
  if (out === undefined || out.uuid !== uuid) return undefined;
  return { stream: { pending, retryMs: intervals.minMs }, send: pending[0], done: isTerminal(out.state) };
}

/** Nobody acknowledged in time: the same again, with twice the patience. */
export function retryUpdate(stream: UpdateStream, intervals: RetryIntervals): StreamStep {
  return { stream: { ...stream, retryMs: Math.min(stream.retryMs * 2, intervals.maxMs) }, send: stream.pending[0] };
}

/** The way to the framework is open again: at once. */
export const resumeStream = (stream: UpdateStream, intervals: RetryIntervals): StreamStep => ({
  stream: { ...stream, retryMs: intervals.minMs },
  send: stream.pending[0],
});

export const latestState = (stream: UpdateStream, otherwise: TaskState): TaskState => stream.pending.at(-1)?.state ?? otherwise;
