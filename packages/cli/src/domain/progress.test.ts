import { describe, expect, it } from 'vitest';
import { describeApp, isAppReady, type AppStatus } from './app-health.js';
import { describeRuntime, scalingConfig, scalingProgress } from './scaling.js';
import { parseTags } from './tag-option.js';

describe('an app of Marathon', () => {
  const app: AppStatus = { id: '/a', instances: 2, tasksStaged: 0, tasksRunning: 2, tasksHealthy: 2, healthChecks: [{}], deployments: [] };

  it('is ready when exactly the wanted tasks run, healthy, and nothing is under way', () => {
    expect(isAppReady(app)).toBe(true);
    expect(isAppReady({ ...app, healthChecks: [], tasksHealthy: 0 })).toBe(true);
    expect(isAppReady({ ...app, tasksHealthy: 1 })).toBe(false);
    expect(isAppReady({ ...app, tasksRunning: 3 })).toBe(false);
    expect(isAppReady({ ...app, tasksStaged: 1 })).toBe(false);
    expect(isAppReady({ ...app, deployments: [{ id: 'd' }] })).toBe(false);
  });

  it('says why it is not', () => {
    const failing = {
      ...app,
      tasksRunning: 1,
      tasksHealthy: 0,
      tasksUnhealthy: 1,
      lastTaskFailure: { state: 'TASK_FAILED', message: 'exited 1' },
    };
    expect(describeApp(failing)).toBe('1 of 2 running, 0 healthy, 1 unhealthy, last failure: TASK_FAILED exited 1');
  });
});

describe('scaling', () => {
  it('asks for what was given and nothing else', () => {
    expect(scalingConfig({ nodes: 5, cpus: 0.2, mem: 32 })).toEqual({
      num_of_node: 5,
      general_config: { cpu_of_node: 0.2, mem_of_node: 32 },
    });
    expect(scalingConfig({ nodes: 0 })).toEqual({ num_of_node: 0 });
    expect(scalingConfig({ nodes: 1, mem: 64 })).toEqual({ num_of_node: 1, general_config: { mem_of_node: 64 } });
    expect(scalingConfig({ nodes: 1, licences: { streams: 10 } })).toEqual({ num_of_node: 1, licences: { streams: 10 } });
  });

  it('is done when as many live as are wanted, not before and not after', () => {
    expect(scalingProgress(3, { num_of_node: 3, num_of_live_node: 3 })).toEqual({ kind: 'done' });
    expect(scalingProgress(3, { num_of_node: 3, num_of_live_node: 4 })).toEqual({ kind: 'under-way', text: '4 of 3 nodes live' });
    expect(scalingProgress(3, { num_of_node: 1, num_of_live_node: 1 }).kind).toBe('superseded');
  });

  it('is not done while nodes of another size are being replaced', () => {
    const runtime = { num_of_node: 3, num_of_live_node: 3, rolling: { of_old_size: 2, waiting: 1 } };
    expect(scalingProgress(3, runtime)).toEqual({ kind: 'under-way', text: describeRuntime(runtime) });
  });
});

describe('--tag', () => {
  it('is a name, perhaps with properties', () => {
    expect(parseTags(['plain', 'small:cores=0.5,memory=512'])).toEqual({
      names: ['plain', 'small'],
      definitions: { plain: { type: 'NONE' }, small: { type: 'PROPERTIES', properties: { cores: '0.5', memory: '512' } } },
    });
    expect(parseTags([])).toEqual({ names: [], definitions: {} });
  });

  it.each([':cores=1', 'small:cores', 'small:', ''])('cannot be %j', (text) => {
    expect(() => parseTags([text])).toThrow(/--tag/);
  });
});
