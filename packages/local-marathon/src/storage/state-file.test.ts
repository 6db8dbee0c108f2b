import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteApp } from '../domain/commands.js';
import { killed, kinds, Simulation } from '../domain/testing/simulation.js';
import { loadState, saveState } from './state-file.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'local-marathon-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const check = {
  protocol: 'HTTP',
  gracePeriodSeconds: 10,
  intervalSeconds: 5,
  timeoutSeconds: 1,
  maxConsecutiveFailures: 2,
  ignoreHttp1xx: false,
} as const;

describe('a state file', () => {
  it('lets a later Marathon go on where the first one was', () => {
    const file = join(directory, 'new', 'state.json');
    const first = Simulation.subscribed();
    first.put({ id: '/app', instances: 2, env: { SECRET: 'x' }, healthChecks: [check] });
    first.put({ id: '/gone' });
    const ids = first.launch();
    first.command((state, now) => deleteApp(state, '/gone', now));
    saveState(file, first.state);
    expect(statSync(file).mode & 0o077).toBe(0);

    const state = loadState(file);
    if (!state) throw new Error('no state');
    const second = new Simulation(state);
    second.now = first.now + 1000;
    expect(second.state.frameworkId).toBe('framework');
    const effects = second.handle({ type: 'subscribed', frameworkId: 'framework', newFramework: false });
    expect([...kinds(effects)].sort()).toEqual(['kill', 'probe', 'probe', 'reconcile']);
    expect(killed(effects)).toEqual([ids[2]]);
    expect(second.tasks('/app').map(({ id }) => id)).toEqual(ids.slice(0, 2));
    second.put({ id: '/app', instances: 3 });
    const [fresh = ''] = second.launch();
    expect(ids).not.toContain(fresh);
  });

  it('that is not there is no state', () => {
    expect(loadState(join(directory, 'none'))).toBeUndefined();
  });

  it.each(['', '{', '{"version":2}', '[]'])('that holds %j is refused, with the remedy', (text) => {
    const file = join(directory, 'state.json');
    writeFileSync(file, text);
    expect(() => loadState(file)).toThrow(/state\.json holds no state of local-marathon[^]*Move it away/);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
