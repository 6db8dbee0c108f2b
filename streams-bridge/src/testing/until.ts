import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with what `probe` gives once that is truthy. */
export const until = async <T>(what: string, probe: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await pause(10);
  }
};
