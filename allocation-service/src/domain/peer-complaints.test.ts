import { describe, expect, it } from 'vitest';
import { explain } from './explain/explain.js';
import { fromMaster, offer, reconciliation } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';

// What users of other frameworks complained of most, each held by a test as far as allocation-service is concerned.

const task = 'streams_resource_0_0';
const waiting = (settings = {}): Scenario => {
  const story = Scenario.leading(settings);
  story.allocate();
  return story;
};

describe('the complaints about peers', () => {
  it('offers declined for 5 s starve others (marathon#1931): here for an hour, and suppressed when nothing waits', () => {
    const story = waiting().offers(offer('o1', { cpus: 0.1 }));
    expect(story.calls.find(({ call }) => call.decline !== undefined)?.call.decline?.refuse_seconds).toBe(3600);
    story.offers(offer('o2'));
    expect(story.accepts[0]?.refuse_seconds).toBe(3600);
    expect(story.desired?.roles?.map(({ wanted }) => wanted)).toEqual([false]);
  });

  it('offers are hoarded (Singularity#1532): here each is used or declined at once', () => {
    const story = waiting().offers(offer('o1'), offer('o2', { agent: 'agent-2' }), offer('o3', { agent: 'agent-3' }));
    expect([...story.declined, ...story.accepts.flatMap(({ offer_ids }) => offer_ids ?? [])].sort()).toEqual(['o1', 'o2', 'o3']);
  });

  it('a lost REVIVE means no offers ever (marathon#1935): here it follows from the state and is repeated', () => {
    const story = waiting();
    const revives = story.desired?.revive_counter ?? 0;
    story.wait(5);
    expect(story.desired?.revive_counter).toBe(revives + 1);
    expect(story.restart().subscribe().desired?.roles?.[0]?.wanted).toBe(true);
  });

  it('storms of revives (dcos-cassandra PR 363): here one a second at most, whatever is asked for', () => {
    const story = Scenario.leading();
    for (let count = 0; count < 500; count += 1) story.allocate({ request_id: String(count) });
    expect(story.desired?.revive_counter).toBe(1);
    expect(story.wait(1).desired?.revive_counter).toBe(2);
  });

  it('"why is it stuck?" (marathon#1090): here it is said on what the offers failed', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 64, mem: 1 } });
    story.offers(offer('o1'));
    const [request] = story.state.requests.values();
    if (request === undefined) throw new Error('no request');
    expect(JSON.stringify(explain(story.state, request, story.now))).toContain('cpus');
  });

  it('a rescinded or stale offer ends the request (Singularity#1622): here it is launched again at once, nobody is blamed', () => {
    const story = waiting().offers(offer('o1'));
    story.send({ type: 'rescinds', subscription: story.subscription, offerIds: ['o1'] });
    story.status(task, 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' }).offers(offer('o2'));
    expect(story.launched.map(({ task_id }) => task_id.value)).toEqual([task, 'streams_resource_0_1']);
  });

  it('an offer that comes twice is used twice (openvdc#45): here once', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, each: { cpus: 4, mem: 1 } });
    story.offers(offer('o1')).offers(offer('o1'));
    expect(story.accepts).toHaveLength(1);
  });

  it('offers of two agents are put into one accept (storm#5): here never', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, each: { cpus: 4, mem: 1 } });
    story.offers(offer('o1'), offer('o2', { agent: 'agent-2' }));
    expect(story.accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o1'], ['o2']]);
  });

  it('what waits is launched on every offer that fits (kafka#271): here once', () => {
    expect(waiting().offers(offer('o1'), offer('o2', { agent: 'agent-2' })).launched).toHaveLength(1);
  });

  it('a failover launches it once more (Yelp PR 69): here the intent is known to the next leader', () => {
    const story = waiting().offers(offer('o1')).restart().subscribe();
    expect(story.offers(offer('o2', { agent: 'agent-2' })).launched).toHaveLength(1);
    expect(story.reconciled).toContainEqual([task]);
  });

  it('a launch that may have failed is launched once more (Yelp PR 69): here Mesos is asked first', () => {
    const story = waiting().offers(offer('o1'));
    const call = story.calls.find((each) => each.call.accept !== undefined);
    story.send({ type: 'call-answered', callId: call?.id ?? '', result: 'UNKNOWN' });
    expect(story.offers(offer('o2', { agent: 'agent-2' })).launched).toHaveLength(1);
    story.status(task, 'TASK_UNKNOWN', reconciliation).offers(offer('o3', { agent: 'agent-2' }));
    expect(story.launched).toHaveLength(2);
  });

  it('reconciliation never ends and nothing happens meanwhile (hdfs#200): here it is repeated ever more rarely and holds up nothing', () => {
    const story = waiting().offers(offer('o1')).restart().subscribe().forget().wait(299);
    const asked = story.reconciled.filter((tasks) => tasks.includes(task)).length;
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(12);
    story.allocate({ request_id: 'other' });
    expect(story.offers(offer('o2', { agent: 'agent-2' })).launched).toHaveLength(1);
  });

  it('a task is believed to run forever (marathon#761): here one that is lost is given up, and killed if it returns', () => {
    const story = waiting().offers(offer('o1')).status(task, 'TASK_RUNNING').wait(2);
    story.settle();
    story.status(task, 'TASK_UNKNOWN', reconciliation).wait(300);
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
    expect(story.status(task, 'TASK_RUNNING').killed).toEqual([task]);
  });
});
