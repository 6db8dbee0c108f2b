import { describe, expect, it } from 'vitest';
import type { Logger } from '@streams-on-mesos/service';
import { showsSecrets, warnOfPlainCredentials } from './plain-credentials.js';

describe('credentials without TLS', () => {
  it.each([
    ['http://master.example:5050', true],
    ['http://10.0.0.1:5050', true],
    ['http://127.evil.example:5050', true],
    ['http://127.0.0.1:5050', false],
    ['http://[::1]:5050', false],
    ['http://localhost:5050', false],
    ['https://master.example:5050', false],
  ])('can be read on the way to %s: %s', (url, shown) => {
    expect(showsSecrets(url)).toBe(shown);
  });

  it('are warned of once', () => {
    const warnings: unknown[] = [];
    const check = warnOfPlainCredentials({ warn: (fields: unknown) => warnings.push(fields) } as unknown as Logger);
    for (const url of [undefined, 'http://127.0.0.1:5050', 'http://a:5050', 'http://b:5050']) check(url);
    expect(warnings).toEqual([{ master: 'http://a:5050' }]);
  });
});
