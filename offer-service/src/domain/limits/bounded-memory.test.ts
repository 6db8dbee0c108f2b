import { describe, expect, it } from 'vitest';
import { BoundedMemory } from './bounded-memory.js';

describe('a bounded memory', () => {
  it('forgets the oldest first, each once, and no more than it must', () => {
    const forgotten: number[] = [];
    const memory = new BoundedMemory<number>(3, (value) => forgotten.push(value));
    for (let n = 0; n < 8; n++) memory.set(`key-${n}`, n);
    expect(forgotten).toEqual([0, 1, 2, 3, 4]);
    expect(memory.size).toBe(3);
    expect(['key-4', 'key-5', 'key-6', 'key-7'].map((key) => memory.get(key))).toEqual([undefined, 5, 6, 7]);
  });

  it('takes another value for what it knows, which is no younger for it', () => {
    const forgotten: string[] = [];
    const memory = new BoundedMemory<string>(2, (value) => forgotten.push(value));
    memory.set('a', 'first');
    memory.set('b', 'second');
    memory.set('a', 'third');
    expect(forgotten).toEqual([]);
    memory.set('c', 'fourth');
    expect(forgotten).toEqual(['third']);
    expect(memory.get('b')).toBe('second');
  });
});
