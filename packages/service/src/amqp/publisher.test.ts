import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PublishError } from './delivery.js';
import type { Publication } from './publish-frames.js';
import { Publisher } from './publisher.js';

/** A channel whose broker says what the test wants, in an order that a real one cannot be made to choose. */
class Scripted extends EventEmitter {
  /** Bodies as sent, with the number under which they would be returned. */
  readonly sent: (readonly [string, number | undefined])[] = [];
  readonly outcomes: Record<string, string> = {};
  readonly publisher = new Publisher(
    this as never,
    ({ content }, returnedAs) => {
      if (content.toString() === 'unsendable') throw new RangeError('too long');
      this.sent.push([content.toString(), returnedAs]);
    },
    { settled: () => undefined, returned: () => undefined },
  );

  publish(...names: string[]): this {
    for (const name of names)
      this.publisher.publish(publication(name), (failure) => {
        expect(this.outcomes).not.toHaveProperty(name);
        this.outcomes[name] = failure === undefined ? 'confirmed' : failure instanceof PublishError ? failure.reason : failure.message;
      });
    return this;
  }

  async says(event: 'ack' | 'nack', deliveryTag: number, multiple = false): Promise<void> {
    this.emit(event, { deliveryTag, multiple });
    await nextTurn();
  }
}

const publication = (name: string): Publication => ({ exchange: '', routingKey: 'q', content: Buffer.from(name), properties: {} });

describe('Publisher', () => {
  it('tells each message what became of it, however the broker orders and bundles its confirmations', async () => {
    const scripted = new Scripted().publish('a', 'b', 'c', 'd', 'e', 'f');
    await scripted.says('ack', 3);
    expect(scripted.outcomes).toEqual({ c: 'confirmed' });
    await scripted.says('ack', 4, true);
    expect(scripted.outcomes).toEqual({ a: 'confirmed', b: 'confirmed', c: 'confirmed', d: 'confirmed' });
    await scripted.says('nack', 6, true);
    expect(scripted.outcomes).toMatchObject({ e: 'nacked', f: 'nacked' });
    await scripted.says('ack', 6, true);
  });

  it('tells nothing before publish has returned, nor in the middle of what the library reads', () => {
    const scripted = new Scripted().publish('a');
    scripted.emit('ack', { deliveryTag: 1, multiple: false });
    expect(scripted.outcomes).toEqual({});
  });

  it('does not take a confirmation for one when the message came back before it', async () => {
    const scripted = new Scripted().publish('a', 'b', 'c');
    scripted.emit('return', { properties: { correlationId: '2' }, fields: { routingKey: 'q' } });
    await scripted.says('ack', 3, true);
    expect(scripted.outcomes).toEqual({ a: 'confirmed', b: 'returned', c: 'confirmed' });
  });

  it('counts what nobody waits for and what could not be sent as the broker does', async () => {
    const scripted = new Scripted().publish('a', 'unsendable');
    scripted.publisher.publishUnconfirmed(publication('copy'));
    scripted.publish('b');
    expect(scripted.sent).toEqual([
      ['a', 1],
      ['copy', undefined],
      ['b', 3],
    ]);
    await scripted.says('ack', 3);
    expect(scripted.outcomes).toEqual({ unsendable: 'too long', b: 'confirmed' });
    await scripted.says('ack', 2, true);
    expect(scripted.outcomes).toMatchObject({ a: 'confirmed' });
  });

  it('has a bounded number unconfirmed, the rest waits in its order, and beyond that is refused', async () => {
    const names = Array.from({ length: 11_001 }, (_, n) => `m${n}`);
    const scripted = new Scripted().publish(...names);
    expect(scripted.sent).toHaveLength(1_000);
    await scripted.says('ack', 400, true);
    expect(scripted.sent.map(([name]) => name)).toEqual(names.slice(0, 1_400));
    expect(scripted.outcomes['m11000']).toBe('overloaded');
    scripted.emit('close');
    await nextTurn();
    const count = (outcome: string) => Object.values(scripted.outcomes).filter((each) => each === outcome).length;
    expect([count('confirmed'), count('connection-lost'), count('not-connected'), count('overloaded')]).toEqual([400, 1_000, 9_600, 1]);
    scripted.publish('late');
    await nextTurn();
    expect(scripted.outcomes['late']).toBe('not-connected');
  });
});
