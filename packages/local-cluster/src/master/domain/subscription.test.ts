import { describe, expect, it } from 'vitest';
import type { Call, FrameworkInfo } from '../../generated/protocol.js';
import { meetDeadlines, nextDeadline } from './deadlines.js';
import type { MasterSettings } from './master-settings.js';
import { streamClosed, subscribe } from './subscription.js';
import { TestMaster } from './testing/master.js';

class World extends TestMaster {
  readonly closed = new Set<string>();

  override turn<T>(decide: Parameters<TestMaster['turn']>[0]): T {
    return super.turn((turn) => {
      const result = decide(turn) as T;
      for (const effect of turn.effects) if (effect.type === 'close-stream') this.closed.add(effect.stream);
      return result;
    });
  }

  subscribe(stream: string, framework_info: FrameworkInfo, more: Partial<Call.Subscribe> = {}): void {
    this.turn((turn) => subscribe(this.state, stream, { framework_info, ...more }, turn));
  }

  disconnect(stream: string): void {
    this.turn((turn) => streamClosed(this.state, stream, turn));
  }

  pass(ms: number): void {
    this.now += ms;
    this.turn((turn) => meetDeadlines(this.state, turn));
  }

  info(name: string): FrameworkInfo {
    return [...this.state.frameworks.values()].find(({ info }) => info.name === name)?.info ?? expect.fail();
  }

  types(stream: string): string[] {
    return (this.events.get(stream) ?? []).map(({ type }) => type ?? '');
  }

  errors(stream: string): string[] {
    return (this.events.get(stream) ?? []).flatMap(({ error }) => (error === undefined ? [] : [error.message]));
  }
}

const withFramework = (overrides: Partial<FrameworkInfo> = {}, settings: Partial<MasterSettings> = {}): World => {
  const world = new World(settings);
  world.agent('a');
  world.framework('f', overrides);
  return world;
};

describe('another subscriber for a framework', () => {
  it('evicts the first: ERROR, end, and offers anew without RESCIND', () => {
    const world = withFramework();
    world.subscribe('second', world.info('f'));
    expect(world.types('f')).toEqual(['SUBSCRIBED', 'OFFERS', 'ERROR']);
    expect(world.errors('f')).toEqual(['Framework failed over']);
    expect([...world.closed]).toEqual(['f']);
    expect(world.types('second')).toEqual(['SUBSCRIBED']);
    // It was active all along, so nothing is offered before the next cycle.
    world.cycle();
    expect(world.types('second')).toEqual(['SUBSCRIBED', 'OFFERS']);
  });

  it('is offered at once when the framework was disconnected', () => {
    const world = withFramework();
    world.disconnect('f');
    world.subscribe('second', world.info('f'));
    expect(world.types('second')).toEqual(['SUBSCRIBED', 'OFFERS']);
  });

  it('can change neither user nor checkpoint, and is not told; a change of principal is refused', () => {
    const world = withFramework({ principal: 'p', checkpoint: true });
    world.subscribe('second', { ...world.info('f'), user: 'other', checkpoint: false });
    expect(world.types('second')[0]).toBe('SUBSCRIBED');
    expect(world.info('f')).toMatchObject({ user: 'root', checkpoint: true });
    world.subscribe('third', { ...world.info('f'), principal: 'q' });
    expect(world.errors('third')).toEqual([`Changing framework's principal is not allowed.`]);
    expect(world.closed.has('third')).toBe(true);
    expect(world.errors('second')).toEqual([]);
  });

  it('with an id that this master does not know is taken as it is', () => {
    const world = new World();
    world.subscribe('f', { user: 'root', name: 'f', id: { value: 'old-master-0003' } });
    expect(world.events.get('f')?.[0]?.subscribed?.framework_id).toEqual({ value: 'old-master-0003' });
    expect(world.state.frameworks.get('old-master-0003')).toMatchObject({ state: 'active', reregisteredAt: world.now });
  });
});

describe('roles', () => {
  it('that are dropped lose their offers; the others keep theirs', () => {
    const world = new World();
    world.framework('f', { roles: ['one', 'two'] });
    world.agent('a');
    world.agent('b');
    const kept = world.open('f').find(({ allocation_info }) => allocation_info?.role === 'two');
    world.call('f', { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: { ...world.info('f'), roles: ['two'] } } });
    expect(world.types('f')).toEqual(['SUBSCRIBED', 'OFFERS', 'OFFERS', 'RESCIND']);
    expect(world.open('f').map(({ id }) => id)).toEqual([kept?.id]);
    world.cycle();
    expect(world.open('f').map(({ allocation_info }) => allocation_info?.role)).toEqual(['two', 'two']);
  });

  it('that are no longer suppressed forget what was refused for them; those that never were do not', () => {
    const world = new World();
    world.agent('a');
    world.framework('f', { roles: ['one', 'two'] }, ['two']);
    world.declineAll('f', 3600);
    const update = (suppressed_roles: string[]) =>
      world.call('f', { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: world.info('f'), suppressed_roles } });
    update(['one']);
    world.cycle();
    expect(world.open('f').map(({ allocation_info }) => allocation_info?.role)).toEqual(['two']);
    world.declineAll('f', 3600);
    update([]);
    world.cycle();
    expect(world.open('f').map(({ allocation_info }) => allocation_info?.role)).toEqual(['one']);
  });

  it('outside --roles, and root without --root_submissions, are refused', () => {
    const world = new World({ roleWhitelist: ['a'], rootSubmissions: false });
    world.framework('f', { roles: ['b', 'a'] });
    expect(world.errors('f')).toEqual([`Roles { b } are not present in the master's --roles`]);
    world.framework('g', { roles: ['a'] });
    expect(world.errors('g')).toEqual([`User 'root' is not allowed to run frameworks without --root_submissions set`]);
    world.framework('h', { roles: ['a'], user: 'nobody' });
    expect(world.types('h')).toEqual(['SUBSCRIBED']);
  });
});

describe('UPDATE_FRAMEWORK', () => {
  it('reaches the agents when it changes the info, whatever the order of roles and capabilities', () => {
    const world = withFramework({ roles: ['one', 'two'] });
    const told = () => world.messages.filter(({ message }) => message.type === 'update-framework').length;
    const update = (framework_info: FrameworkInfo) => world.call('f', { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info } });
    update({ ...world.info('f'), roles: ['two', 'one'], capabilities: [...(world.info('f').capabilities ?? [])].reverse() });
    expect(told()).toBe(0);
    update({ ...world.info('f'), name: 'other' });
    expect(told()).toBe(1);
  });

  it.each<[string, Partial<FrameworkInfo>]>([
    [
      `FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'root' to 'nobody'`,
      { user: 'nobody' },
    ],
    [
      `FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'false' to 'true'`,
      { checkpoint: true },
    ],
    [
      `Supplied FrameworkInfo is not valid: Invalid resource quantity for 'cpus': Negative values not supported`,
      { offer_filters: { '*': { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: -1 } } }] } } } },
    ],
    [
      `Supplied FrameworkInfo is not valid: Resource quantities must contain at least one quantity`,
      { offer_filters: { '*': { min_allocatable_resources: { quantities: [{}] } } } },
    ],
  ])('is refused: %s', (body, change) => {
    const world = withFramework();
    const answer = world.call('f', { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: { ...world.info('f'), ...change } } });
    expect(answer).toEqual({ status: 400, body });
  });
});

describe('deadlines', () => {
  it('a framework that is away for its failover_timeout is removed at that moment', () => {
    const world = withFramework({ failover_timeout: 10 });
    expect(nextDeadline(world.state)).toBe(Infinity);
    world.disconnect('f');
    expect(nextDeadline(world.state)).toBe(world.now + 10_000);
    world.pass(9_999);
    expect(world.state.frameworks.size).toBe(1);
    world.pass(1);
    expect(world.state.frameworks.size).toBe(0);
  });

  it('offers that nobody answers are rescinded after --offer_timeout and offered again in the next cycle', () => {
    const world = withFramework({}, { offerTimeoutMs: 5_000 });
    expect(nextDeadline(world.state)).toBe(world.now + 5_000);
    world.pass(4_999);
    expect(world.open('f').length).toBe(1);
    world.pass(1);
    expect(world.types('f')).toEqual(['SUBSCRIBED', 'OFFERS', 'RESCIND']);
    world.cycle();
    expect(world.open('f').length).toBe(1);
  });
});
