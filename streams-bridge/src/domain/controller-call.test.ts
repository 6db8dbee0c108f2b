import { describe, expect, it } from 'vitest';
import { resource } from '../testing/allocation-on-the-wire.js';
import { controllerCalls } from './controller-call.js';
import { encodeLabels } from './labels.js';

const defaults = { resourceType: 'mesos', domainId: 'default', zkConnect: 'default:2181', installPath: '/default' };

describe('what the helpers of the product are told', () => {
  it('is what Streams asked for, and the host', () => {
    const labels = encodeLabels({ master: true, tags: ['a', 'b'], domainId: 'D', zkConnect: 'zk:2181', installPath: '/opt' });
    const calls = controllerCalls(resource({ id: 'resource_7', host: 'agent1', labels }), defaults);
    const descriptor = {
      type: 'mesos',
      kind: 'CONTAINER',
      nativeResourceId: 'resource_7',
      displayName: 'mesos_resource_7',
      hostName: 'agent1',
    };
    const controller = { installPath: '/opt', zkConnect: 'zk:2181', domainId: 'D', descriptor };
    expect(calls).toEqual({
      start: { ...controller, tags: ['a', 'b'], fork: false, isMaster: true },
      stop: { ...controller, clean: false },
    });
  });

  it('is what the settings say where the request said nothing', () => {
    const { start } = controllerCalls(resource({ id: 'resource_7', labels: encodeLabels({ master: false, tags: [] }) }), defaults) ?? {};
    expect(start).toMatchObject({ domainId: 'default', zkConnect: 'default:2181', installPath: '/default', isMaster: false });
  });

  it('is nothing for a resource that is not of Streams', () => {
    expect(controllerCalls(resource({ id: 'resource_7' }), defaults)).toBeUndefined();
  });
});
