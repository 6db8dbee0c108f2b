import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from './app-definition.js';
import { changeBetween, updated } from './app-update.js';
import { appProblems } from './app-validation.js';

const before = updated(undefined, { cmd: 'run', env: { A: '1', B: '2' } });

describe('an update', () => {
  it('starts from the defaults of Marathon', () => {
    expect(before).toMatchObject({ ...defaultConfiguration, cmd: 'run', env: { A: '1', B: '2' } });
  });

  it('changes what it names and leaves the rest', () => {
    expect(updated(before, { instances: 3 })).toEqual({ ...before, instances: 3 });
  });

  it('replaces cmd by args', () => {
    expect(updated(before, { args: ['ls', '-l'] })).toMatchObject({ cmd: undefined, args: ['ls', '-l'] });
  });

  it('is told apart by what it asks of running tasks', () => {
    expect(changeBetween(before, updated(before, { env: { B: '2', A: '1' } }))).toBe('none');
    expect(changeBetween(before, updated(before, { instances: 0 }))).toBe('scaling');
    expect(changeBetween(before, updated(before, { instances: 0, env: {} }))).toBe('configuration');
  });
});

describe('what is wrong with an app', () => {
  const check = {
    protocol: 'HTTP',
    gracePeriodSeconds: 1,
    intervalSeconds: 1,
    timeoutSeconds: 1,
    maxConsecutiveFailures: 1,
    ignoreHttp1xx: false,
  } as const;

  it('is told by field', () => {
    const paths = (update: Parameters<typeof updated>[1]) => appProblems('/app', updated(undefined, update)).map(({ path }) => path);
    expect(paths({ cmd: 'run' })).toEqual([]);
    expect(paths({})).toEqual(['/cmd']);
    expect(paths({ cmd: 'run', args: ['run'] })).toEqual(['/cmd']);
    expect(paths({ cmd: 'run', healthChecks: [{ ...check, portIndex: 1 }] })).toEqual(['/healthChecks(0)/portIndex']);
    expect(paths({ cmd: 'run', portDefinitions: [], healthChecks: [check] })).toEqual(['/healthChecks(0)/portIndex']);
    expect(paths({ cmd: 'run', healthChecks: [{ ...check, protocol: 'COMMAND' }] })).toEqual(['/healthChecks(0)/command']);
    expect(paths({ cmd: 'run', constraints: [['hostname', 'GROUP_BY']] })).toEqual(['/constraints(0)']);
  });
});
