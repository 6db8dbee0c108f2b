import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidates, electionNodePrefix, parseElectionNode, positionOf } from './election-node.js';

const node = (guid: string, sequence: number): string => electionNodePrefix(guid) + String(sequence).padStart(10, '0');

describe('election nodes', () => {
  it('have the guid of their owner and a sequence number', () => {
    expect(parseElectionNode('ab-cd-n_0000000012')).toEqual({ name: 'ab-cd-n_0000000012', guid: 'ab-cd', sequence: 12 });
    expect(parseElectionNode('lock-12')).toBeUndefined();
  });

  it('lead in the order of their sequence, whatever their guids and their neighbours', () => {
    const names = [node('a', 12), node('z', 3), 'stranger', node('m', 7)];
    expect(candidates(names).map(({ guid }) => guid)).toEqual(['z', 'm', 'a']);
    expect(positionOf('z', names)).toMatchObject({ position: 'leader', own: { sequence: 3 } });
    expect(positionOf('a', names)).toMatchObject({ position: 'behind', predecessor: { guid: 'm' } });
    expect(positionOf('other', names)).toEqual({ position: 'absent' });
  });

  it('have exactly one leader, and everyone else watches a different one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(9_999_999_999), { minLength: 1, maxLength: 20 }), (sequences) => {
        const names = sequences.map((sequence) => node(`g${sequence}`, sequence));
        const positions = sequences.map((sequence) => positionOf(`g${sequence}`, names));
        expect(positions.filter(({ position }) => position === 'leader')).toHaveLength(1);
        const watched = positions.flatMap((each) => (each.position === 'behind' ? [each.predecessor.name] : []));
        expect(new Set(watched).size).toBe(sequences.length - 1);
      }),
    );
  });
});
