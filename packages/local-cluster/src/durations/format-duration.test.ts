import { expect, it } from 'vitest';
import { formatDuration } from './format-duration.js';

it.each([
  [0, '0ns'],
  [0.25, '250us'],
  [300, '300ms'],
  [1000, '1secs'],
  [1500, '1500ms'],
  [60_000, '1mins'],
  [90_000, '90secs'],
  [900_000, '15mins'],
  [7_200_000, '2hrs'],
  [86_400_000, '1days'],
  [604_800_000, '1weeks'],
  [36_000_000, '10hrs'],
  [864_000_000, '10days'],
])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
