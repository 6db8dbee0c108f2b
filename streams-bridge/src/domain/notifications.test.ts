import type { ClientEvent, Resource } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { encodeLabels } from './labels.js';
import { notificationPage } from './notifications.js';

const resource = (id: string, owner: string): Resource => ({
  id,
  owner,
  labels: encodeLabels({ master: false, tags: [] }),
  state: 'RUNNING',
  request_state: 'REQUEST_ALLOCATED',
  completion: 'NONE',
  host: 'agent1',
  requested: { cpus: 1, mem: 1 },
  created_at_ms: 1,
});
const event = (sequence: number, kind: ClientEvent.Kind): ClientEvent => ({
  sequence,
  client_id: 'c',
  kind,
  resources: [resource(`resource_${sequence}`, 'c')],
});

describe('a page of notifications', () => {
  it('names the methods of the notification manager', () => {
    const kinds = ['ALLOCATED', 'REVOKED', 'REVOKE_IMMINENT', 'FAILED'] as const;
    const page = notificationPage({ events: kinds.map((kind, index) => event(index + 1, kind)), sequence: 4 }, 'mesos');
    expect(page.notifications.map(({ seq, method }) => [seq, method])).toEqual([
      [1, 'resourcesAllocated'],
      [2, 'resourcesRevoked'],
      [3, 'resourcesRevokeImminent'],
      [4, 'resourcesRevoked'],
    ]);
    expect(page.seq).toBe(4);
    expect(page.notifications[0]).toMatchObject({
      clientId: 'c',
      descriptors: [
        { type: 'mesos', kind: 'CONTAINER', nativeResourceId: 'resource_1', displayName: 'mesos_resource_1', hostName: 'agent1' },
      ],
    });
  });

  it('is a snapshot by client when the events are no longer kept', () => {
    const resources = [resource('resource_1', 'a'), resource('resource_2', 'b'), resource('resource_3', 'a')];
    const node = { ...resource('resource_4', 'scaling'), labels: {} };
    const page = notificationPage({ sequence: 99, snapshot: { resources: [...resources, node] } }, 'mesos');
    expect(page).toMatchObject({
      seq: 99,
      notifications: [],
      snapshot: [
        { clientId: 'a', descriptors: [{ nativeResourceId: 'resource_1' }, { nativeResourceId: 'resource_3' }] },
        { clientId: 'b', descriptors: [{ nativeResourceId: 'resource_2' }] },
      ],
    });
  });

  it('warns of what a snapshot has on agents that are to be maintained', () => {
    const maintenance = { start_ms: 1_000, duration_ms: 60_000 };
    const resources = [
      { ...resource('resource_1', 'a'), maintenance },
      resource('resource_2', 'a'),
      { ...resource('resource_3', 'b'), maintenance },
      { ...resource('resource_4', 'scaling'), labels: {}, maintenance },
    ];
    const page = notificationPage({ sequence: 99, snapshot: { resources } }, 'mesos');
    const told = { seq: 99, method: 'resourcesRevokeImminent' };
    expect(page.notifications).toMatchObject([
      { ...told, clientId: 'a', descriptors: [{ nativeResourceId: 'resource_1' }] },
      { ...told, clientId: 'b', descriptors: [{ nativeResourceId: 'resource_3' }] },
    ]);
    expect(page.snapshot?.map(({ descriptors }) => descriptors.length)).toEqual([2, 1]);
  });
});
