import { describe, expect, it } from 'vitest';
import { NoticeQueue } from './notice-queue.js';
import type { SchedulerNotice } from './scheduler-notice.js';

const event: SchedulerNotice = { kind: 'event', event: { type: 'RESCIND' } };
const subscribed: SchedulerNotice = {
  kind: 'subscribed',
  frameworkId: 'f',
  heartbeatIntervalSeconds: 15,
  newFramework: true,
  streamId: 's',
};
const disconnected: SchedulerNotice = { kind: 'disconnected', reason: 'because', cause: 'stream-lost' };

const queueOf = (limits: { readonly maxNotices: number; readonly maxBytes: number }) => {
  const said: string[] = [];
  const queue = new NoticeQueue({ ...limits, onFull: () => said.push('full'), onRoom: () => said.push('room') });
  const notices = queue[Symbol.asyncIterator]();
  return { queue, said, take: () => notices.next() };
};

describe('NoticeQueue', () => {
  it('is full above a number of notices, and has room when half of them is taken', async () => {
    const { queue, said, take } = queueOf({ maxNotices: 4, maxBytes: 1_000 });
    for (let n = 0; n < 4; n++) queue.push(1, event, 1);
    expect(said).toEqual([]);
    queue.push(1, event, 1);
    expect([said, queue.isFull]).toEqual([['full'], true]);
    await take();
    await take();
    expect(queue.isFull).toBe(true);
    await take();
    expect([said, queue.isFull, queue.length]).toEqual([['full', 'room'], false, 2]);
  });

  it('is full above a number of bytes, and has room when half of them is taken', async () => {
    const { queue, said, take } = queueOf({ maxNotices: 1_000, maxBytes: 100 });
    queue.push(1, event, 60);
    queue.push(1, event, 60);
    expect(said).toEqual(['full']);
    queue.push(1, event, 10);
    expect(said).toEqual(['full', 'full']);
    await take();
    expect(queue.isFull).toBe(true);
    await take();
    expect(said).toEqual(['full', 'full', 'room']);
  });

  it('is not full of what is taken at once, however large', async () => {
    const { queue, said, take } = queueOf({ maxNotices: 1, maxBytes: 1 });
    const taken = take();
    queue.push(1, event, 1_000_000);
    await taken;
    expect([said, queue.length]).toEqual([[], 0]);
  });

  it('knows which subscription its user was told of, not which one waits', async () => {
    const { queue, take } = queueOf({ maxNotices: 10, maxBytes: 10 });
    for (const notice of [subscribed, event, disconnected]) queue.push(7, notice);
    queue.push(8, subscribed);
    const told = [queue.toldOf];
    for (let n = 0; n < 4; n++) {
      await take();
      told.push(queue.toldOf);
    }
    expect(told).toEqual([undefined, 7, 7, undefined, 8]);
  });
});
