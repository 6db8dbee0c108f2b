import type { Allocate, Body } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import type { Heard, Listening } from '../amqp/client-event-copies.js';
import { resource } from '../testing/allocation-on-the-wire.js';
import { AllocationRequests } from './allocation-requests.js';

const request = (count: number): Allocate => ({
  request_id: 'r',
  client_id: 'c',
  count,
  each: { cpus: 1, mem: 1 },
  workload: { command: 'true' },
});

/** What would come from outside: the hints, in the order in which they are waited for. */
const heardInTurn = (...heard: Heard[]): { requestReady: () => Listening } => ({
  requestReady: () => ({ within: () => Promise.resolve(heard.shift() ?? 'over'), stop: () => undefined }),
});

const setUp = (...heard: Heard[]) => {
  const asked: string[] = [];
  const ask = (body: Body) => {
    asked.push(Object.keys(body).join());
    const pending = resource({ id: 'resource_0' });
    return Promise.resolve(
      body.allocate === undefined
        ? { in_reply_to: 'm', settled: { outcomes: [{ resource: pending, allocated: true }], sequence: 3 } }
        : { in_reply_to: 'm', resources: { resources: [pending] } },
    );
  };
  return { asked, requests: new AllocationRequests(ask, heardInTurn(...heard), new AbortController().signal) };
};

describe('requests for resources', () => {
  it('settle once they are ready', async () => {
    const { asked, requests } = setUp('heard');
    expect(await requests.allocate(request(1), undefined)).toMatchObject({ sequence: 3, outcomes: [{ allocated: true }] });
    expect(asked).toEqual(['allocate', 'settle']);
  });

  it('ask again, and go on waiting, when the connection to the broker was lost meanwhile', async () => {
    const { asked, requests } = setUp('missed', 'over', 'heard');
    await requests.allocate(request(1), undefined);
    expect(asked).toEqual(['allocate', 'allocate', 'allocate', 'settle']);
  });

  it('settle at the end of the wait', async () => {
    const { asked, requests } = setUp();
    await requests.allocate(request(1), 0);
    expect(asked).toEqual(['allocate', 'settle']);
  });

  it('join the one that is in hand if they are the same', async () => {
    const { asked, requests } = setUp('heard', 'heard');
    const [first, second] = await Promise.all([requests.allocate(request(1), undefined), requests.allocate(request(1), undefined)]);
    expect(second).toBe(first);
    expect(asked).toEqual(['allocate', 'settle']);
  });

  it('do not join one that asks for something else, whatever their id', async () => {
    const { asked, requests } = setUp('heard', 'heard');
    await Promise.all([requests.allocate(request(1), undefined), requests.allocate(request(2), undefined)]);
    expect(asked.filter((kind) => kind === 'allocate')).toHaveLength(2);
  });
});
