import { describe, expect, it } from 'vitest';
import { decline, kill, revive } from './calls.js';
import { kindOf, startClient, startMaster, subscribed } from './testing/clients.js';

describe('SchedulerClient', () => {
  it('sends Basic credentials with SUBSCRIBE and with calls, and never logs them', async () => {
    const { client, master, subscription, logs } = await subscribed({ credentials: { principal: 'me', secret: 'hush:ü' } });
    await client.call(revive());
    const expected = `Basic ${Buffer.from('me:hush:ü').toString('base64')}`;
    expect(subscription.headers.authorization).toBe(expected);
    expect((await master.calls.next()).headers.authorization).toBe(expected);
    subscription.cut();
    expect(logs.join()).not.toMatch(/hush|aHVza/);
  });

  it('sends a call only on the subscription that its user was told of', async () => {
    const { client, master, subscription, next } = await subscribed();
    subscription.cut();
    const second = await master.subscribes.next();
    second.accept();
    // The user still holds offers of the first subscription: a call made from them must not go out on the second one.
    expect(await client.call(decline(['o1']))).toEqual({ result: 'not-sent', reason: 'not subscribed' });
    expect(kindOf(await next())).toBe('disconnected');
    expect(kindOf(await next())).toBe('subscribed');
    expect(await client.call(decline(['o2']))).toEqual({ result: 'sent' });
    expect(master.calls.all.map(({ call }) => call.decline?.offer_ids)).toEqual([[{ value: 'o2' }]]);
  });

  it('says which field of a call is wrong, and does not send it', async () => {
    const { client, master } = await subscribed();
    expect(await client.call({ type: 'KILL', kill: {} as never })).toEqual({
      result: 'not-sent',
      reason: 'call.kill.task_id: required and missing',
    });
    expect(master.calls.all).toEqual([]);
  });

  it('subscribes again when an answer to a call shows that the master does not know the subscription', async () => {
    const { client, master, next } = await subscribed();
    master.answersCalls = false;
    const result = client.call(kill('t'));
    (await master.calls.next()).answer(403, 'Framework is not subscribed');
    expect(await result).toEqual({ result: 'not-sent', reason: 'the master answered 403: Framework is not subscribed' });
    expect(kindOf(await next())).toBe('disconnected');
  });

  it('subscribes again when the connection for calls breaks with a call unanswered: what follows must not overtake it', async () => {
    const { client, master, subscription, next } = await subscribed();
    master.answersCalls = false;
    const result = client.call(kill('t'));
    (await master.calls.next()).socket.destroy();
    expect(await result).toMatchObject({ result: 'unknown' });
    expect(kindOf(await next())).toBe('disconnected');
    await subscription.closed;
    const told = next();
    (await master.subscribes.next()).accept();
    expect(kindOf(await told)).toBe('subscribed');
  });

  it('does not wait longer for the answer to a call than its signal lets it', async () => {
    const { client, master } = await subscribed();
    master.answersCalls = false;
    const abort = new AbortController();
    const result = client.call(kill('t'), { signal: abort.signal });
    const call = await master.calls.next();
    abort.abort();
    expect(await result).toEqual({ result: 'unknown', reason: 'aborted before the answer' });
    expect(await client.call(kill('u'), { signal: abort.signal })).toEqual({ result: 'not-sent', reason: 'aborted' });
    // the subscription goes on, and its calls in their order
    call.answer(202);
    master.answersCalls = true;
    expect(await client.call(revive(), { signal: new AbortController().signal })).toEqual({ result: 'sent' });
    expect(master.calls.all.map(({ call: { type } }) => type)).toEqual(['KILL', 'REVIVE']);
  });
});

describe('a master that is too old', () => {
  const offer_constraints = { role_constraints: { test: { groups: [] } } };
  const update = {
    type: 'UPDATE_FRAMEWORK' as const,
    update_framework: { framework_info: { user: 'nobody', name: 'test' }, offer_constraints },
  };

  it('is not sent what it does not know, and the log says so once', async () => {
    const master = await startMaster();
    const { client, logs, next } = startClient(master.host);
    const told = next();
    (await master.subscribes.next()).acceptAs('1.8.1');
    await told;
    expect(await client.call(update)).toEqual({ result: 'not-sent', reason: 'Mesos 1.8.1 does not know UPDATE_FRAMEWORK' });
    expect(await client.call(update)).toMatchObject({ result: 'not-sent' });
    expect(await client.call(revive())).toEqual({ result: 'sent' });
    expect(logs.filter((line) => line.includes('too old'))).toEqual([
      'warn the master is too old for UPDATE_FRAMEWORK, which is left out {"version":"1.8.1","since":"1.9.0"}',
    ]);
    expect(master.calls.all.map(({ call }) => call.type)).toEqual(['REVIVE']);
  });

  it('gets the rest of a call', async () => {
    const master = await startMaster();
    const { client, next } = startClient(master.host);
    const told = next();
    (await master.subscribes.next()).acceptAs('1.10.0');
    await told;
    expect(await client.call(update)).toEqual({ result: 'sent' });
    expect((await master.calls.next()).call.update_framework).toEqual({
      framework_info: { user: 'nobody', name: 'test', id: { value: 'fw-1' } },
    });
  });
});
