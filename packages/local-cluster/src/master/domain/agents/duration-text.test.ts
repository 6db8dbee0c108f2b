import { describe, expect, it } from 'vitest';
import { durationText } from './duration-text.js';

describe('durations in messages', () => {
  it.each([
    [500, '500ms'],
    [1_500, '1500ms'],
    [3_000, '3secs'],
    [600_000, '10mins'],
    [36_000_000, '10hrs'],
    [864_000_000, '10days'],
  ])('%i', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
