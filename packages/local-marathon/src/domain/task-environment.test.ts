import { describe, expect, it } from 'vitest';
import { defaultConfiguration, type AppDefinition } from './app-definition.js';
import { taskEnvironment } from './task-environment.js';

const version = '2026-11-21T10:00:00.000Z';
const app = (more: Partial<AppDefinition> = {}): AppDefinition => ({
  ...defaultConfiguration,
  id: '/app',
  version,
  lastScalingAt: version,
  lastConfigChangeAt: version,
  ...more,
});
const environment = (more: Partial<AppDefinition>, ports: number[]) => taskEnvironment(app(more), 'task', 'host', ports);

describe('the environment of a task', () => {
  it('names its ports by index, by number and by name', () => {
    const portDefinitions = [
      { port: 0, protocol: 'tcp', name: 'http', labels: {} },
      { port: 9000, protocol: 'tcp', labels: {} },
    ] as const;
    expect(environment({ portDefinitions }, [31_001, 31_002])).toMatchObject({
      PORT: '31001',
      PORT0: '31001',
      PORT1: '31002',
      PORTS: '31001,31002',
      PORT_31001: '31001',
      PORT_9000: '31002',
      PORT_HTTP: '31001',
      HOST: 'host',
    });
  });

  it('has no port variables without ports', () => {
    expect(Object.keys(environment({ portDefinitions: [] }, [])).filter((name) => name.startsWith('PORT'))).toEqual([]);
  });

  it('tells of the app, its quantities and labels', () => {
    expect(environment({ mem: 128, cpus: 0.2, labels: { 'a-b': 'x', long: 'y'.repeat(600) } }, [])).toMatchObject({
      MARATHON_APP_ID: '/app',
      MARATHON_APP_VERSION: version,
      MARATHON_APP_RESOURCE_CPUS: '0.2',
      MARATHON_APP_RESOURCE_MEM: '128.0',
      MARATHON_APP_LABELS: 'A_B',
      MARATHON_APP_LABEL_A_B: 'x',
      MESOS_TASK_ID: 'task',
    });
  });

  it('is the app to decide', () => {
    expect(environment({ env: { HOST: 'mine' } }, []).HOST).toBe('mine');
  });
});
