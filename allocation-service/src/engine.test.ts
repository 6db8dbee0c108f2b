import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Effect } from './domain/effects.js';
import type { Change } from './domain/model.js';
import { Engine, EngineStoppedError, StepFailedError, type EngineOptions, type Machine } from './engine.js';

/** Counts; `offers` writes nothing, `leading` fails, everything else writes the count. */
const counting: Machine<{ count: number }> = {
  step: (state, event) => {
    if (event.type === 'leading') throw new Error('boom');
    state.count += 1;
    const effects: Effect[] = [{ type: 'log', level: 'info', message: String(state.count), fields: {} }];
    return { state, changes: event.type === 'offers' ? [] : [{ table: 't', key: 'count', value: state.count }], effects };
  },
  nextWakeup: () => undefined,
};

/** A journal whose writes end when the test says so. */
class HeldJournal {
  readonly appended: (readonly Change[])[] = [];
  readonly #ends: { resolve: () => void; reject: (reason: Error) => void }[] = [];

  append(changes: readonly Change[]): Promise<void> {
    this.appended.push(changes);
    return new Promise((resolve, reject) => this.#ends.push({ resolve, reject }));
  }

  written(): void {
    this.#ends.shift()?.resolve();
  }

  refused(): void {
    this.#ends.shift()?.reject(new Error('refused'));
  }
}

const WRITES = { type: 'reconnected' } as const;
const READS = { type: 'offers', subscription: { term: 1, counter: 1 }, allocationTerm: 1, offers: [] } as const;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const start = (machine: Machine<{ count: number }> = counting, more: Partial<EngineOptions<{ count: number }>> = {}) => {
  const journal = new HeldJournal();
  const released: string[] = [];
  const release = (effect: Effect): void => void released.push(effect.type === 'log' ? effect.message : effect.type);
  const engine = new Engine({ machine, state: { count: 0 }, journal, release, now: () => Date.now(), leads: () => true, ...more });
  return { engine, journal, released };
};

describe('the engine', () => {
  afterEach(() => void vi.useRealTimers());

  it('lets no effect out and acknowledges no input before the entry is durable', async () => {
    const { engine, journal, released } = start();
    let acknowledged = false;
    const input = engine.submit(WRITES).then(() => (acknowledged = true));
    await settle();
    expect([journal.appended.length, released, acknowledged]).toEqual([1, [], false]);
    journal.written();
    await input;
    expect(released).toEqual(['1']);
  });

  it('keeps the order of decisions, also for those that write nothing', async () => {
    const { engine, journal, released } = start();
    const inputs = [engine.submit(WRITES), engine.submit(READS), engine.submit(WRITES), engine.submit(READS)];
    journal.written();
    await inputs[1];
    await settle();
    expect(released).toEqual(['1', '2']);
    journal.written();
    await Promise.all(inputs);
    expect(released).toEqual(['1', '2', '3', '4']);
  });

  it('tells what was read only once it is durable, and as it was when asked', async () => {
    const { engine, journal } = start();
    const write = engine.submit(WRITES);
    let told: number | undefined;
    const read = engine.read((state) => state.count).then((count) => (told = count));
    const later = engine.submit(WRITES).catch(() => undefined);
    await settle();
    expect(told).toBeUndefined();
    journal.written();
    await Promise.all([write, read]);
    expect(told).toBe(1);
    journal.written();
    await later;
  });

  it('shows each change as it was decided, and lets it be told once it is durable', async () => {
    const told: number[] = [];
    const onChanges = (state: { count: number }) => {
      const { count } = state;
      return () => void told.push(count);
    };
    const { engine, journal } = start(counting, { onChanges });
    const inputs = [engine.submit(WRITES), engine.submit(READS), engine.submit(WRITES)];
    await settle();
    expect(told).toEqual([]);
    journal.written();
    await inputs[1];
    expect(told).toEqual([1]);
    journal.written();
    await inputs[2];
    expect(told).toEqual([1, 3]);
  });

  it('looks at a change after its entry is on its way, and before it is read', async () => {
    const steps: string[] = [];
    const { engine, journal } = start(counting, {
      onChanges: ({ count }) => {
        steps.push(`looked at ${count} of ${journal.appended.length}`);
        return () => undefined;
      },
    });
    const input = engine.submit(WRITES);
    expect(steps).toEqual([]);
    const read = engine.read(() => steps.push('read'));
    expect(steps).toEqual(['looked at 1 of 1', 'read']);
    void engine.submit(WRITES).catch(() => undefined);
    await settle();
    expect(steps).toEqual(['looked at 1 of 1', 'read', 'looked at 2 of 2']);
    journal.written();
    await Promise.all([input, read]);
  });

  it('ends with the first refused write: nothing decided since leaves or is acknowledged', async () => {
    const { engine, journal, released } = start();
    const inputs = [engine.submit(WRITES), engine.submit(READS), engine.submit(WRITES)].map((input) =>
      input.catch((error: Error) => error.message),
    );
    journal.refused();
    expect(await Promise.all(inputs)).toEqual(['refused', 'refused', 'refused']);
    expect((await engine.ended).message).toBe('refused');
    await expect(engine.submit(READS)).rejects.toThrow('refused');
    await expect(engine.read(() => 1)).rejects.toThrow('refused');
    expect(released).toEqual([]);
  });

  it('lets nothing out after it was stopped, even if the entry became durable', async () => {
    const { engine, journal, released } = start();
    const input = engine.submit(WRITES);
    engine.stop(new EngineStoppedError('leadership lost'));
    journal.written();
    await expect(input).rejects.toThrow('leadership lost');
    expect(released).toEqual([]);
  });

  it('lets nothing out, takes nothing and answers nothing from the moment at which it no longer leads, though nobody has told it yet', async () => {
    let leads = true;
    const { engine, journal, released } = start(counting, { leads: () => leads });
    const input = engine.submit(WRITES);
    leads = false;
    journal.written();
    await expect(input).rejects.toThrow('leadership was lost');
    await expect(engine.submit(READS)).rejects.toThrow('leadership was lost');
    await expect(engine.read(() => 1)).rejects.toThrow('leadership was lost');
    expect([released, journal.appended.length]).toEqual([[], 1]);
  });

  it('ends when the core throws, and says which input it was', async () => {
    const { engine } = start();
    await expect(engine.submit({ type: 'leading', term: 1 })).rejects.toThrow(StepFailedError);
    expect(await engine.ended).toBeInstanceOf(EngineStoppedError);
  });

  it('ticks when the state wants to be woken, and not again when it does not', async () => {
    vi.useFakeTimers({ now: 1_000 });
    const { engine, journal, released } = start({ ...counting, nextWakeup: (state) => (state.count === 1 ? 61_000 : undefined) });
    void engine.submit(WRITES);
    journal.written();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(journal.appended).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    journal.written();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(released).toEqual(['1', '2']);
  });
});
