import { describe, expect, it } from 'vitest';
import { simulatedEnd } from './simulated-command.js';

describe('what a command would do', () => {
  it.each([
    ['sleep 5', 5000, 0],
    ['  /bin/sleep 0.5m ', 30_000, 0],
    ['exit 3', 0, 3],
    ['exit', 0, 0],
    ['exit 256', 0, 0],
    ['true', 0, 0],
    ['false', 0, 1],
    ['echo hello', 0, 0],
    ['', 0, 0],
    ['sleep 1; sleep 2; exit 7', 3000, 7],
    ['sleep 1 && false && sleep 9', 1000, 1],
    ['false; true', 0, 0],
    ['exit 1; sleep 5', 0, 1],
    ['sleep', 0, 1],
  ])('%j ends after %d ms with %d', (value, afterMs, code) => {
    expect(simulatedEnd({ value })).toEqual({ afterMs, code });
  });

  it.each(['run-service', 'sleep 5; ./server', 'while true; do sleep 1; done', 'exit many'])('%j runs until it is killed', (value) => {
    expect(simulatedEnd({ value })).toBeUndefined();
  });

  it('without a shell it is a program with arguments', () => {
    expect(simulatedEnd({ shell: false, value: '/bin/sleep', arguments: ['sleep', '2'] })).toEqual({ afterMs: 2000, code: 0 });
  });
});
