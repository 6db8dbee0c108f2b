import { describe, expect, it } from 'vitest';
import { markUnreachable } from '../agents/unreachable.js';
import { removeOverdueFrameworks } from '../remove-framework.js';
import { streamClosed } from '../subscription.js';
import { task, TestMaster } from '../testing/master.js';

const hosts = (offers: readonly { readonly hostname: string }[]): string[] => offers.map(({ hostname }) => hostname).sort();

describe('refusals', () => {
  const offered = (refuse?: number): TestMaster => {
    const master = new TestMaster();
    master.agent('a');
    master.framework('f');
    master.declineAll('f', refuse);
    return master;
  };

  it('last five seconds unless said otherwise', () => {
    const master = offered();
    master.cycle(4_999);
    expect(master.open('f')).toEqual([]);
    master.cycle(1);
    expect(hosts(master.open('f'))).toEqual(['a']);
  });

  it.each([
    ['0: offered again in the next cycle', 0, 0, 1],
    ['below the allocation interval: lasts one', 0.1, 999, 0],
    ['negative: as if not given', -1, 4_999, 0],
    ['an hour', 3600, 3_599_999, 0],
    ['an hour is over', 3600, 3_600_000, 1],
    ['beyond a year is a year', 1e12, 365 * 86_400_000, 1],
  ])('%s', (_what, refuse, afterMs, expected) => {
    const master = offered(refuse);
    master.cycle(afterMs);
    expect(master.open('f').length).toBe(expected);
  });

  it('hold for any part of what was refused, and end when more comes free', () => {
    const master = new TestMaster();
    const agentId = master.agent('a');
    master.framework('f');
    master.framework('g', {}, ['*']);
    const [offer] = master.open('f');
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task('t', agentId, 1)] } }];
    master.call('f', {
      type: 'ACCEPT',
      accept: { offer_ids: offer === undefined ? [] : [offer.id], operations, filters: { refuse_seconds: 100 } },
    });
    master.cycle(10_000);
    expect(master.open('f')).toEqual([]);
    // Another framework is not bound by it, and what it declines is f's refusal still.
    master.call('g', { type: 'REVIVE' });
    expect(hosts(master.open('g'))).toEqual(['a']);
    master.declineAll('g', 0);
    master.call('g', { type: 'SUPPRESS' });
    master.cycle(1_000);
    expect(master.open('f')).toEqual([]);
  });

  it('REVIVE forgets them and offers at once; of a role that it has not it does nothing', () => {
    const master = offered(3600);
    master.call('f', { type: 'REVIVE', revive: { roles: ['other'] } });
    expect(master.open('f')).toEqual([]);
    master.call('f', { type: 'REVIVE' });
    expect(hosts(master.open('f'))).toEqual(['a']);
  });
});

describe('who is offered what', () => {
  it('suppressed roles get nothing, the others do', () => {
    const master = new TestMaster();
    master.agent('a');
    master.framework('f', { roles: ['one', 'two'] }, ['one']);
    expect(master.open('f').map(({ allocation_info }) => allocation_info?.role)).toEqual(['two']);
    master.declineAll('f', 0);
    master.call('f', { type: 'SUPPRESS', suppress: { roles: ['two'] } });
    master.cycle(5_000);
    expect(master.open('f')).toEqual([]);
    master.call('f', { type: 'REVIVE', revive: { roles: ['one'] } });
    expect(master.open('f').map(({ allocation_info }) => allocation_info?.role)).toEqual(['one']);
  });

  it('the framework that holds less comes first', () => {
    const master = new TestMaster();
    const first = master.agent('a', 'cpus:4;mem:4096');
    master.framework('rich');
    const [offer] = master.open('rich');
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task('t', first, 4, 4096)] } }];
    master.call('rich', { type: 'ACCEPT', accept: { offer_ids: offer === undefined ? [] : [offer.id], operations } });
    master.framework('poor');
    master.agent('b');
    expect(hosts(master.open('poor'))).toEqual(['b']);
    expect(master.open('rich')).toEqual([]);
  });

  it('many agents are shared out evenly among equals', () => {
    const master = new TestMaster();
    master.framework('f');
    master.framework('g');
    for (let index = 0; index < 10; index += 1) master.agent(`h${index}`);
    expect([master.open('f').length, master.open('g').length]).toEqual([5, 5]);
  });

  it('crumbs are not offered, unless the framework wants them', () => {
    const master = new TestMaster();
    master.agent('a', 'cpus:0.009;mem:31');
    master.framework('f');
    expect(master.open('f')).toEqual([]);
    const quantities = [{ quantities: { cpus: { value: 0.005 } } }];
    master.framework('g', { offer_filters: { '*': { min_allocatable_resources: { quantities } } } });
    expect(hosts(master.open('g'))).toEqual(['a']);
  });

  it('nothing is offered twice, and all comes back when the framework goes', () => {
    const master = new TestMaster();
    master.agent('a');
    master.framework('f');
    master.framework('g');
    master.cycle(1_000);
    expect(master.offers('f').length + master.offers('g').length).toBe(1);
    const owner = master.open('f').length === 1 ? 'f' : 'g';
    const other = owner === 'f' ? 'g' : 'f';
    master.call(owner, { type: 'TEARDOWN' });
    master.cycle();
    expect(hosts(master.open(other))).toEqual(['a']);
  });
});

describe('a framework whose stream is gone', () => {
  it('is removed after its failover_timeout, its tasks with it; offers come back at once', () => {
    const master = new TestMaster();
    const agentId = master.agent('a');
    const id = master.framework('f', { failover_timeout: 10 });
    const [offer] = master.open('f');
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task('t', agentId, 1)] } }];
    master.call('f', { type: 'ACCEPT', accept: { offer_ids: offer === undefined ? [] : [offer.id], operations } });
    master.turn((turn) => streamClosed(master.state, 'f', turn));
    master.now += 9_999;
    master.turn((turn) => removeOverdueFrameworks(master.state, turn));
    expect(master.state.frameworks.has(id)).toBe(true);
    master.now += 1;
    master.turn((turn) => removeOverdueFrameworks(master.state, turn));
    expect(master.state.completedFrameworks.has(id)).toBe(true);
    expect(master.messages.at(-1)).toEqual({ agentId, message: { type: 'shutdown-framework', frameworkId: id } });
    master.framework('g');
    expect(master.open('g')[0]?.resources?.map(({ scalar }) => scalar?.value)).toEqual([4, 4096]);
  });
});

describe('an agent that is lost', () => {
  it('is told of as TASK_LOST to a framework that knows no partitions', () => {
    const master = new TestMaster();
    const agentId = master.agent('a');
    master.framework('f', { capabilities: [{ type: 'MULTI_ROLE' }] });
    const [offer] = master.open('f');
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task('t', agentId, 1)] } }];
    master.call('f', { type: 'ACCEPT', accept: { offer_ids: offer === undefined ? [] : [offer.id], operations } });
    master.turn((turn) => markUnreachable(master.state, agentId, 'health check timed out', turn));
    const updates = (master.events.get('f') ?? []).flatMap(({ update }) => (update === undefined ? [] : [update.status.state]));
    expect(updates).toEqual(['TASK_LOST']);
  });
});
