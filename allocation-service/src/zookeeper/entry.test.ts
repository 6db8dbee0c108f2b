import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../domain/model.js';
import { FutureStateError } from '../domain/future-state-error.js';
import { changesOf, CorruptStateError, nodesOf, parseEntryNode, serialise } from './entry.js';

const change = (key: string, value: Change['value'] = { text: key }): Change => ({ table: 'resources', key, value });
const nodes = (steps: readonly (readonly Change[])[], limit?: number): Buffer[] => nodesOf(7, steps.map(serialise), limit);
const read = (buffers: readonly Buffer[]): Change[] => [...changesOf(buffers.map((bytes) => parseEntryNode('entry', bytes)))];

/** What the records are in the end. */
const lastOfEach = (changes: readonly Change[]): Map<string, Change['value']> =>
  new Map(changes.map(({ table, key, value }) => [JSON.stringify([table, key]), value]));

describe('journal entries', () => {
  it('are one JSON node with version, term and the changes of every step', () => {
    const [node, ...more] = nodes([[change('a')], [], [change('b', null)]]);
    expect(more).toEqual([]);
    expect(JSON.parse(String(node))).toEqual({ version: 1, term: 7, changes: [change('a'), change('b', null)] });
  });

  it('return what was written, within the limit, at whatever sizes the changes come', () => {
    const steps = fc.array(
      fc.array(fc.record({ table: fc.string(), key: fc.string(), value: fc.jsonValue({ maxDepth: 2 }) }), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 300, max: 2_000 }), (generated, limit) => {
        const written = JSON.parse(JSON.stringify(generated)) as Change[][];
        const buffers = nodes(written, limit);
        expect(lastOfEach(read(buffers))).toEqual(lastOfEach(written.flat()));
        for (const bytes of buffers) expect(bytes.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('hold each record once, as it is after the last step that fits', () => {
    const large = (count: number): Change => change('request', { environment: 'x'.repeat(200_000), count });
    const steps = Array.from({ length: 100 }, (_, count) => [large(count), change(`task-${count}`)]);
    const buffers = nodes(steps);
    expect(buffers.length).toBe(1);
    expect(read(buffers)).toHaveLength(101);
    expect(lastOfEach(read(buffers))).toEqual(lastOfEach(steps.flat()));
  });

  it('keep the changes of a step together: pieces without their last one are no entry', () => {
    const large = [change('before', '☕'.repeat(200)), change('after', 'ö'.repeat(300))];
    const buffers = nodes([[change('first')], large, [change('last')]], 400);
    expect(buffers.length).toBeGreaterThan(4);
    for (let lost = 2; lost < buffers.length - 1; lost += 1) {
      const withoutEnd = [...buffers.slice(0, lost), ...nodesOf(8, [serialise([change('next term')])])];
      expect(read(withoutEnd).map((each) => each.key)).toEqual(['first', 'next term']);
    }
    expect(read(buffers).map((each) => each.key)).toEqual(['first', 'before', 'after', 'last']);
  });

  it('hold what the step decided, whatever becomes of its objects', () => {
    const value = { state: 'NEW' };
    const serial = serialise([change('a', value)]);
    value.state = 'LAUNCHED';
    expect(read(nodesOf(1, [serial]))).toEqual([change('a', { state: 'NEW' })]);
  });

  it('of a newer release are refused with its version and the remedy', () => {
    const future = Buffer.from('{"version":2,"term":1,"whatever":[]}');
    expect(() => parseEntryNode('/journal/0000000001', future)).toThrow(FutureStateError);
    expect(() => parseEntryNode('/journal/0000000001', future)).toThrow(/0000000001 has format version 2.*start the release that wrote it/);
  });

  it('that can not be read are named', () => {
    for (const text of ['', 'x', 'null', '[]', '{"version":1}', '{"version":1,"term":1}']) {
      expect(() => parseEntryNode('/journal/0000000001', Buffer.from(text))).toThrow(CorruptStateError);
    }
  });
});
