import { describe, expect, it } from 'vitest';
import { appDifferences } from './app-difference.js';

const wanted = {
  id: '/a',
  cmd: 'run',
  instances: 1,
  env: { A: '1' },
  portDefinitions: [{ port: 0, name: 'http' }],
  healthChecks: [{ path: '/healthz' }],
};
const actual = {
  ...wanted,
  version: '2026-01-01',
  tasksRunning: 1,
  env: { ...wanted.env },
  portDefinitions: [{ port: 10_001, name: 'http', protocol: 'tcp', labels: {} }],
  healthChecks: [{ path: '/healthz', intervalSeconds: 60 }],
};

describe('the differences of an app', () => {
  it('are none when Marathon only added what it chose itself', () => {
    expect(appDifferences(wanted, actual)).toEqual([]);
  });

  it.each([
    [{ ...actual, instances: 0 }, ['instances']],
    [{ ...actual, cmd: 'other' }, ['cmd']],
    [{ ...actual, env: { A: '2' } }, ['env.A']],
    [{ ...actual, portDefinitions: [] }, ['portDefinitions']],
    [{ ...actual, healthChecks: [{ path: '/readyz' }] }, ['healthChecks[0].path']],
    [undefined, ['id', 'cmd', 'instances', 'env.A', 'portDefinitions', 'healthChecks']],
  ])('are the paths where it is not as wanted', (other, paths) => {
    expect(appDifferences(wanted, other)).toEqual(paths);
  });
});
