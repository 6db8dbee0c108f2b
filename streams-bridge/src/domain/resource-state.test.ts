import type { Resource } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { encodeLabels } from './labels.js';
import { clientsWithResources, resourceStateRows } from './resource-state.js';

const resource = (fields: Partial<Resource> = {}): Resource => ({
  id: 'resource_0',
  owner: 'controller-1',
  labels: encodeLabels({ master: true, tags: ['jmx', 'audit'] }),
  state: 'RUNNING',
  request_state: 'REQUEST_ALLOCATED',
  completion: 'NONE',
  task_id: 'streams_resource_0_2',
  host: '172.31.29.41',
  requested: { cpus: 0, mem: 0 },
  allocated: { cpus: 2, mem: 4096 },
  created_at_ms: 1,
  ...fields,
});

describe('getresourcestate', () => {
  it('says what the original said', () => {
    expect(resourceStateRows([resource()], 'mesos', false)).toEqual([
      {
        nativeId: 'resource_0',
        id: 'mesos_resource_0',
        mesosTaskId: 'streams_resource_0_2',
        resourceState: 'RUNNING',
        requestState: 'ALLOCATED',
        taskCompletionStatus: 'NONE',
        hostname: '172.31.29.41',
        master: true,
      },
    ]);
  });

  it('adds tags and what was allocated in the long form', () => {
    expect(resourceStateRows([resource({ allocated: { cpus: 0.5, mem: 4096 } })], 'mesos', true)).toMatchObject([
      { tags: '[jmx, audit]', cores: '0.5', memory: '4096.0' },
    ]);
  });

  it('knows neither task nor host nor quantities before the launch', () => {
    const waiting = resource({ state: 'NEW', request_state: 'REQUEST_PENDING', task_id: undefined, host: undefined, allocated: undefined });
    expect(resourceStateRows([waiting], 'mesos', true)).toMatchObject([
      { mesosTaskId: null, hostname: null, cores: '-1.0', memory: '-1.0', requestState: 'PENDING' },
    ]);
  });

  it('leaves out what Streams did not ask for', () => {
    expect(resourceStateRows([resource({ owner: 'scaling', labels: {} })], 'mesos', false)).toEqual([]);
  });
});

describe('the clients with resources', () => {
  it('are those of which Streams has or waits for some, being stopped included', () => {
    const client = (owner: string, state: Resource['state']) => resource({ owner, state });
    expect(clientsWithResources([client('a', 'NEW'), client('b', 'STOPPING'), client('a', 'RUNNING')])).toEqual(['a', 'b']);
    expect(clientsWithResources([client('a', 'STOPPED'), client('b', 'FAILED'), client('c', 'CANCELLED')])).toEqual([]);
    expect(clientsWithResources([resource({ labels: undefined })])).toEqual([]);
  });
});
