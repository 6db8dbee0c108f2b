import { expect, it } from 'vitest';
import { redirectTarget } from './redirect-target.js';

it.each([
  ['//m2:5050/api/v1/scheduler', 'http://m1:5050', 'http://m2:5050'],
  ['//m2:5050', 'https://m1:5050', 'https://m2:5050'],
  ['//[::1]:5050/master/api/v1/scheduler', 'http://m1:5050', 'http://[::1]:5050'],
  ['http://m2:5050/api/v1/scheduler', 'http://m1:5050', 'http://m2:5050'],
  ['https://m2:5050', 'http://m1:5050', 'https://m2:5050'],
  ['masterhost:5050', 'http://m1:5050', 'http://masterhost:5050'],
  // Credentials must not travel in the open because somebody says so.
  ['http://m2:5050', 'https://m1:5050', undefined],
  ['ftp://m2:5050', 'http://m1:5050', undefined],
  ['//', 'http://m1:5050', undefined],
])('%s from %s leads to %s', (location, from, target) => expect(redirectTarget(location, from)).toBe(target));
