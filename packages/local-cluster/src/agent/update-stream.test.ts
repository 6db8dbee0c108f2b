import { describe, expect, it } from 'vitest';
import type { TaskState, TaskStatus } from '../generated/protocol.js';
import { acknowledgeUpdate, addUpdate, emptyStream, latestState, resumeStream, retryUpdate } from './update-stream.js';

const intervals = { minMs: 10, maxMs: 35 };
const status = (uuid: string, state: TaskState): TaskStatus => ({ task_id: { value: 't' }, state, uuid });
const [starting, running, finished] = [status('1', 'TASK_STARTING'), status('2', 'TASK_RUNNING'), status('3', 'TASK_FINISHED')] as const;
const all = [starting, running, finished].reduce((stream, one) => addUpdate(stream, one).stream, emptyStream(intervals));

describe('the updates of a task', () => {
  it('only the first goes out, but the newest state is told with it', () => {
    expect(addUpdate(emptyStream(intervals), starting).send).toBe(starting);
    expect(addUpdate(addUpdate(emptyStream(intervals), starting).stream, running).send).toBeUndefined();
    expect(latestState(all, 'TASK_STAGING')).toBe('TASK_FINISHED');
  });

  it('an acknowledgement lets the next one go; that of the terminal one ends it', () => {
    const first = acknowledgeUpdate(all, '1', intervals);
    expect([first?.send, first?.done]).toEqual([running, false]);
    const second = acknowledgeUpdate(first!.stream, '2', intervals);
    expect([second?.send, second?.done]).toEqual([finished, false]);
    expect(acknowledgeUpdate(second!.stream, '3', intervals)).toMatchObject({ send: undefined, done: true });
  });

  it('an acknowledgement of what is not out changes nothing', () => {
    expect(acknowledgeUpdate(all, '2', intervals)).toBeUndefined();
    expect(acknowledgeUpdate(acknowledgeUpdate(all, '1', intervals)!.stream, '1', intervals)).toBeUndefined();
    expect(acknowledgeUpdate(emptyStream(intervals), '1', intervals)).toBeUndefined();
  });

  it('is repeated with twice the patience up to the most; a new subscription or acknowledgement starts anew', () => {
    const patience = [10, 20, 35, 35];
    let stream = all;
    for (const ms of patience) {
      expect(stream.retryMs).toBe(ms);
      const step = retryUpdate(stream, intervals);
      expect(step.send).toBe(starting);
      stream = step.stream;
    }
    expect(resumeStream(stream, intervals)).toMatchObject({ send: starting, stream: { retryMs: 10 } });
    expect(acknowledgeUpdate(stream, '1', intervals)?.stream.retryMs).toBe(10);
  });
});
