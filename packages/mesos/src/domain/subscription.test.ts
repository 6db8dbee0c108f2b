import { describe, expect, it } from 'vitest';
import { machine, master, offers, subscribedEvent } from '../testing/subscription-machine.js';

describe('subscription', () => {
  it('waits for a leader, subscribes at once, and tells of the subscription', () => {
    const m = machine();
    expect(m.dueIn()).toBeUndefined();
    m.feed({ type: 'leader', leader: undefined });
    expect(m.did()).toEqual([]);
    m.feed({ type: 'leader', leader: master('a') });
    expect(m.did()).toEqual(['subscribe 1 http://a:5050 -']);
    m.feed({ type: 'opened', connection: 1, streamId: 's1' }).on(1, subscribedEvent());
    expect(m.lastNotice()).toMatchObject({
      kind: 'subscribed',
      frameworkId: 'fw-1',
      newFramework: true,
      streamId: 's1',
      heartbeatIntervalSeconds: 15,
    });
  });

  it('comes back with the framework id after a loss, and says that it is no new framework', () => {
    const m = machine().subscribed().feed({ type: 'lost', connection: 1, reason: 'cut' });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected']);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 2 http://a:5050 fw-1']);
    m.feed({ type: 'opened', connection: 2, streamId: 's2' }).on(2, subscribedEvent());
    expect(m.lastNotice()).toMatchObject({ kind: 'subscribed', newFramework: false });
  });

  it('counts the subscription as lost after 5 missed heartbeats; any event is a sign of life', () => {
    const m = machine().subscribed();
    expect(m.dueIn()).toBe(75_000);
    m.wait(74_000).on(1, offers);
    expect(m.dueIn()).toBe(75_000);
    m.wait(74_000).feed({ type: 'alive', connection: 1 }).did();
    expect(m.wait(74_999).did()).toEqual([]);
    expect(m.wait(1).did()).toEqual(['close 1', 'notify 1 disconnected']);
  });

  it('gives up an attempt that is not answered', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    m.did();
    expect(m.wait(30_000).did()).toEqual(['close 1']);
    expect(m.logged()).toBe('[]');
  });

  it('switches at once when another master leads', () => {
    const m = machine()
      .subscribed()
      .feed({ type: 'leader', leader: master('b') });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected', 'subscribe 2 http://b:5050 fw-1']);
    m.feed({ type: 'leader', leader: master('c') });
    expect(m.did()).toEqual(['close 2', 'subscribe 3 http://c:5050 fw-1']);
    m.feed({ type: 'lost', connection: 3, reason: 'refused' }).did();
    expect(m.feed({ type: 'leader', leader: master('d') }).did()).toEqual(['subscribe 4 http://d:5050 fw-1']);
  });

  it('stays when the leader is unknown for a while, or known under another address', () => {
    const m = machine().subscribed().feed({ type: 'leader', leader: undefined });
    m.feed({ type: 'leader', leader: { ...master('a'), url: 'http://10.0.0.1:5050' } });
    expect(m.did()).toEqual([]);
  });

  it('takes a master started anew at the same address for another one', () => {
    const m = machine()
      .subscribed()
      .feed({ type: 'leader', leader: { ...master('new'), url: 'http://a:5050' } });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected', 'subscribe 2 http://a:5050 fw-1']);
  });

  it('does not forget the backoff when the same leader is named again', () => {
    const m = machine()
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'lost', connection: 1, reason: 'ECONNREFUSED' });
    m.did();
    m.feed({ type: 'leader', leader: undefined });
    expect(m.dueIn()).toBeUndefined();
    expect(m.feed({ type: 'leader', leader: master('a') }).did()).toEqual([]);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 2 http://a:5050 -']);
  });

  it('follows a redirect at once, a few in a row, then goes back to the leader that detection knows', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    const redirect = (connection: number, to?: string) => m.feed({ type: 'refused', connection, status: 307, redirect: to, text: '' });
    redirect(1, 'http://b:5050');
    redirect(2, 'http://c:5050');
    redirect(3, 'http://b:5050');
    redirect(4, 'http://c:5050');
    expect(m.did()).toEqual([
      'subscribe 1 http://a:5050 -',
      'close 1',
      'subscribe 2 http://b:5050 -',
      'close 2',
      'subscribe 3 http://c:5050 -',
      'close 3',
      'subscribe 4 http://b:5050 -',
      'close 4',
    ]);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 5 http://a:5050 -']);
  });

  it.each([307, 400, 401, 403, 404, 415, 500, 503])('tries again after %i, and logs what it said', (status) => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    m.feed({ type: 'refused', connection: 1, status, text: 'the reason' });
    expect(m.logged()).toContain(`${status} (the reason)`);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 1 http://a:5050 -', 'close 1', 'subscribe 2 http://a:5050 -']);
  });

  it('tries again when the answer has no stream id', () => {
    const m = machine()
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'opened', connection: 1, streamId: undefined });
    expect(m.logged()).toContain('no Mesos-Stream-Id');
    expect(m.did()).toEqual(['subscribe 1 http://a:5050 -', 'close 1']);
  });

  it('ends without notices when told to stop', () => {
    expect(machine().subscribed().feed({ type: 'stop' }).did()).toEqual(['close 1', 'end']);
    expect(
      machine()
        .feed({ type: 'stop' })
        .feed({ type: 'leader', leader: master('a') })
        .did(),
    ).toEqual(['end']);
  });
});
