import type { Event, SchedulerNotice } from '@streams-on-mesos/mesos';
import { createLogger } from '@streams-on-mesos/service';
import { describe, expect, it } from 'vitest';
import type { DriverEvent } from '../domain/events.js';
import { statusOf } from '../testing/driver-harness.js';
import { noNeeds } from '../domain/roles/offer-needs.js';
import { readSubscription, type SubscriptionEnd } from './read-subscription.js';

const subscribed = (frameworkId: string, version?: string): SchedulerNotice => ({
  kind: 'subscribed',
  frameworkId,
  ...(version !== undefined && { masterInfo: { id: 'm', ip: 1, port: 5050, version } }),
  heartbeatIntervalSeconds: 15,
  newFramework: true,
  streamId: 's1',
});
const update = (taskId: string): SchedulerNotice => ({
  kind: 'event',
  event: { type: 'UPDATE', update: { status: statusOf(taskId, 'TASK_RUNNING') } } satisfies Event,
});

/** Reads notices; `store` is what storing a framework id does. Returns how it ended and the events, some of them before a moment of choice. */
class Reading {
  readonly events: DriverEvent[] = [];
  readonly stored: string[] = [];
  readonly warnings: string[] = [];
  readonly end: Promise<SubscriptionEnd>;
  taken = 0;

  constructor(notices: readonly SchedulerNotice[], store: () => Promise<void>, storedFrameworkId?: string, open = false) {
    const stream = async function* (this: Reading) {
      for (const notice of notices) {
        this.taken += 1;
        yield notice;
      }
      if (open) await new Promise<never>(() => undefined);
    };
    this.end = readSubscription(stream.call(this), {
      storedFrameworkId,
      storeFrameworkId: (id) => {
        this.stored.push(id);
        return store();
      },
      master: () => 'http://master:5050',
      carried: () => ({ suppressedRoles: ['*'], needs: noNeeds }),
      handle: (event) => this.events.push(event),
      logger: createLogger('test', 'warn', { destination: { write: (line) => void this.warnings.push(line) } }),
    });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

describe('reading the subscription', () => {
  it('stores a new framework id before anything of it is passed on, and takes nothing meanwhile', async () => {
    let stored: () => void = () => undefined;
    const storing = new Promise<void>((resolve) => (stored = resolve));
    const reading = new Reading([subscribed('f1'), update('t1'), update('t2')], () => storing);
    while (reading.stored.length === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 1_000; turn += 1) await Promise.resolve();
    expect([reading.types, reading.taken]).toEqual([[], 1]);
    stored();
    expect(await reading.end).toBe('stopped');
    expect(reading.stored).toEqual(['f1']);
    expect(reading.types).toEqual(['subscribed', 'update', 'update']);
  });

  it('does not store what is stored', async () => {
    const reading = new Reading([subscribed('f1'), subscribed('f1')], () => Promise.resolve(), 'f1');
    await reading.end;
    expect(reading.stored).toEqual([]);
    expect(reading.events).toHaveLength(2);
  });

  it('stores another id again, while earlier events wait in order', async () => {
    const reading = new Reading([subscribed('f1'), update('t1'), subscribed('f2'), update('t2')], () => new Promise(setImmediate));
    await reading.end;
    expect(reading.stored).toEqual(['f1', 'f2']);
    expect(reading.events.map((event) => (event.type === 'subscribed' ? event.frameworkId : event.type))).toEqual([
      'f1',
      'update',
      'f2',
      'update',
    ]);
  });

  it('ends with the failure when the id cannot be stored, on a stream that stays open too', async () => {
    const reading = new Reading([subscribed('f1'), update('t1')], () => Promise.reject(new Error('not the leader')), undefined, true);
    await expect(reading.end).rejects.toThrow('not the leader');
    expect(reading.types).toEqual([]);
  });

  it.each([
    ['failed-over' as const, { kind: 'failed-over' as const, reason: 'Framework failed over' }],
    ['removed' as const, { kind: 'framework-removed' as const, frameworkId: 'f1', reason: 'Framework has been removed' }],
  ])('says %s when it ended so', async (end, notice) => {
    const reading = new Reading([subscribed('f1'), notice], () => Promise.resolve(), 'f1');
    expect(await reading.end).toBe(end);
    expect(reading.types).toEqual(['subscribed', 'disconnected']);
  });

  it('does not count a removal that was followed by a new subscription', async () => {
    const removed: SchedulerNotice = { kind: 'framework-removed', frameworkId: 'f1', reason: 'Framework has been removed' };
    const reading = new Reading([subscribed('f1'), removed, subscribed('f2')], () => Promise.resolve(), 'f1');
    expect(await reading.end).toBe('stopped');
    expect(reading.stored).toEqual(['f2']);
  });

  it('says once of each version that is too old what its masters are not told, and asks them for nothing that they cannot know', async () => {
    const versions = ['1.8.1', '1.8.1', '1.10.0', '1.8.1', '1.11.0', undefined];
    const reading = new Reading(
      versions.map((version) => subscribed('f1', version)),
      () => Promise.resolve(),
      'f1',
    );
    await reading.end;
    const limits = reading.events.map((event) => event.type === 'subscribed' && event.masterLimits);
    const [none, updates, all] = [
      [false, false],
      [true, false],
      [true, true],
    ].map(([takesUpdates, takesConstraints]) => ({ takesUpdates, takesConstraints }));
    expect(limits).toEqual([none, none, updates, none, all, all]);
    const told = reading.warnings.map((line) => JSON.parse(line) as { version: string; msg: string });
    expect(told.map(({ version, msg }) => [version, /too old for ([^:]*):/.exec(msg)?.[1]])).toEqual([
      ['1.8.1', 'UPDATE_FRAMEWORK'],
      ['1.10.0', 'offer constraints'],
    ]);
  });
});
