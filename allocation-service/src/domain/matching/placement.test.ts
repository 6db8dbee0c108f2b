import type { Offer, Resource as MesosResource } from '@streams-on-mesos/mesos';
import { describe, expect, it } from 'vitest';
import { offer, scalar } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const ports = (...ranges: [number, number][]): MesosResource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: ranges.map(([begin, end]) => ({ begin, end })) },
});

const agentsOf = (story: Scenario): string[] => story.launched.map(({ agent_id }) => agent_id.value);

describe('quantities', () => {
  it('disk and gpus are given as asked for; agents with gpus are left to those who need them', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'gpu', each: { cpus: 1, mem: 32, gpus: 1, disk: 100 } });
    story.allocate({ request_id: 'plain' });
    const gpus = [scalar('cpus', 2), scalar('mem', 4096), scalar('gpus', 2), scalar('disk', 1000)];
    story.offers(offer('g', { agent: 'gpus', resources: gpus }), offer('p', { agent: 'plain', cpus: 8 }));
    expect(story.launched.map(({ name, agent_id }) => [name, agent_id.value])).toEqual([
      ['resource_0', 'gpus'],
      ['resource_1', 'plain'],
    ]);
    expect(story.resource(0).allocated).toEqual({ cpus: 1, mem: 32, disk: 100, gpus: 1 });
  });

  it('ports are carved from ranges: those named first, then any; the task is told in its environment', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 1, mem: 32, ports: 3, port_ranges: [{ begin: 20, end: 21 }] } });
    story.offers(offer('o', { resources: [scalar('cpus', 1), scalar('mem', 32), ports([8, 9], [18, 30])] }));
    expect(story.resource(0).allocated?.port_ranges).toEqual([
      { begin: 20, end: 21 },
      { begin: 8, end: 9 },
      { begin: 18, end: 18 },
    ]);
    const [task] = story.launched;
    expect(task?.resources?.find(({ name }) => name === 'ports')?.ranges?.range).toEqual([
      { begin: 20, end: 21 },
      { begin: 8, end: 9 },
      { begin: 18, end: 18 },
    ]);
    const environment = new Map(task?.command?.environment?.variables?.map(({ name, value }) => [name, value]));
    expect([environment.get('PORT'), environment.get('PORT0'), environment.get('PORT4'), environment.get('PORT_8')]).toEqual([
      '20',
      '20',
      '18',
      '8',
    ]);
    expect(environment.get('PORTS')).toBe('20,21,8,9,18');
  });

  it('a container maps host port 0 to the ports that were given', () => {
    const story = Scenario.leading();
    const docker = {
      image: 'i',
      port_mappings: [
        { host_port: 0, container_port: 80 },
        { host_port: 0, container_port: 443 },
      ],
    };
    story.allocate({ each: { cpus: 1, mem: 32, ports: 2 }, workload: { command: 'x', container: { type: 'DOCKER', docker } } });
    story.offers(offer('o', { resources: [scalar('cpus', 1), scalar('mem', 32), ports([5, 5], [7, 7])] }));
    expect(story.launched[0]?.container?.docker?.port_mappings?.map(({ host_port }) => host_port)).toEqual([5, 7]);
  });

  it('what 0 asks for is all that the largest offer has, not a sliver', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 0, mem: 0 } });
    story.offers(
      offer('small', { agent: 'small', cpus: 0.4 }),
      offer('large', { agent: 'large', cpus: 6 }),
      offer('mid', { agent: 'mid' }),
    );
    expect(story.resource(0)).toMatchObject({ agent_id: 'large', allocated: { cpus: 6, mem: 8192 } });
  });

  it('volumes, disks of their own, shared and provided resources are never taken by mistake', () => {
    const special: Partial<MesosResource>[] = [
      { disk: { persistence: { id: 'v' } } },
      { disk: { source: { type: 'MOUNT' } } },
      { shared: {} },
      { provider_id: { value: 'p' } },
    ];
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 1, mem: 32, disk: 10 } });
    const disks = special.map((more) => scalar('disk', 100, more));
    story.offers(offer('o', { resources: [scalar('cpus', 1), scalar('mem', 32), ...disks] }));
    expect(story.launched).toEqual([]);
    expect(story.declined).toEqual(['o']);
  });
});

describe('reserved and revocable resources', () => {
  const reservedFor = (role: string): Partial<MesosResource>[] => [{ reservations: [{ type: 'STATIC', role }] }, { role }];

  it.each(reservedFor('ours'))('what is reserved for the role goes first: %j', (more) => {
    const story = Scenario.leading({ roles: ['ours'] });
    story.allocate();
    const resources = [scalar('cpus', 1), scalar('cpus', 1, more), scalar('mem', 2048)];
    story.offers({ ...offer('o', { resources }), allocation_info: { role: 'ours' } });
    expect(story.launched[0]?.resources?.[0]).toMatchObject({ name: 'cpus', ...more });
  });

  it('what is reserved for a role above it may be used, for any other not', () => {
    const story = Scenario.leading({ roles: ['eng/web'] });
    story.allocate({ count: 2, each: { cpus: 2, mem: 32 } });
    const [above] = reservedFor('eng');
    const [other] = reservedFor('engine');
    const resources = [scalar('cpus', 2, above), scalar('cpus', 2, other), scalar('mem', 2048)];
    story.offers({ ...offer('o', { resources }), allocation_info: { role: 'eng/web' } });
    expect(story.launched).toHaveLength(1);
  });

  it('revocable ones are used only when asked for, before others, and never mixed with those', () => {
    const revocable = { revocable: {} };
    const resources = [scalar('cpus', 4), scalar('cpus', 2, revocable), scalar('mem', 8192)];
    const story = Scenario.leading();
    story.allocate({ request_id: 'firm', each: { cpus: 5, mem: 32 } });
    story.allocate({ request_id: 'any', count: 3, each: { cpus: 1.5, mem: 32 }, revocable: true });
    story.offers(offer('o', { resources }));
    const cpus = story.launched.map((task) => task.resources?.filter(({ name }) => name === 'cpus'));
    expect(cpus).toEqual([[scalar('cpus', 1.5, revocable)], [scalar('cpus', 1.5)], [scalar('cpus', 1.5)]]);
  });

  it('offers to another role are not used', () => {
    const story = Scenario.leading({ roles: ['a', 'b'] });
    story.allocate({ role: 'b' });
    story.offers({ ...offer('o1'), allocation_info: { role: 'a' } }, { ...offer('o2', { agent: 'x' }), allocation_info: { role: 'b' } });
    expect(story.accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o2']]);
    expect(story.declined).toEqual(['o1']);
  });
});

describe('the best fit', () => {
  it('is the agent with the least left that has room, whatever the order of offers', () => {
    const offers = [
      offer('big', { agent: 'big', cpus: 16 }),
      offer('snug', { agent: 'snug', cpus: 2 }),
      offer('tiny', { agent: 'tiny', cpus: 1 }),
    ];
    for (const order of [offers, [...offers].reverse()]) {
      const story = Scenario.leading();
      story.allocate({ each: { cpus: 2, mem: 32 } });
      story.offers(...order);
      expect(agentsOf(story)).toEqual(['snug']);
    }
  });

  it('counts the worst of all quantities', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 1, mem: 100 } });
    story.offers(offer('a', { agent: 'much-memory', cpus: 2, mem: 90_000 }), offer('b', { agent: 'balanced', cpus: 3, mem: 10_000 }));
    expect(agentsOf(story)).toEqual(['balanced']);
  });

  it('between equals is the one with the least id', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o1', { agent: 'b' }), offer('o2', { agent: 'a' }));
    expect(agentsOf(story)).toEqual(['a']);
  });
});

describe('offers of one agent', () => {
  const half = (id: string): Offer => offer(id, { cpus: 2, mem: 2048 });

  it('are combined in one ACCEPT when only together they have room', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 3, mem: 3000 } });
    story.offers(half('o1'), half('o2'), half('o3'));
    expect(story.accepts.map(({ offer_ids }) => offer_ids?.length)).toEqual([2]);
    expect([...(story.accepts[0]?.offer_ids ?? []), ...story.declined].sort()).toEqual(['o1', 'o2', 'o3']);
  });

  it('when combined may make an agent acceptable again that GROUP_BY passed over', () => {
    const story = Scenario.leading();
    story.allocate({ count: 3, constraints: [{ field: '@hostname', operator: 'GROUP_BY', value: '2' }] });
    story.offers(
      offer('o1', { agent: 'whole', cpus: 4 }),
      offer('o2', { agent: 'parts', cpus: 2, mem: 512 }),
      offer('o3', { agent: 'parts', cpus: 2, mem: 512 }),
    );
    expect(agentsOf(story).sort()).toEqual(['parts', 'whole', 'whole']);
  });

  it('are not combined when one has room', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 2, mem: 1000 } });
    story.offers(half('o1'), half('o2'));
    expect(story.accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o1']]);
  });
});

describe('priority', () => {
  it('decides before who asked first', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'early' });
    story.wait(1);
    story.allocate({ request_id: 'urgent', priority: 5 });
    story.offers(offer('o', { cpus: 1 }));
    expect(story.launched.map(({ name }) => name)).toEqual(['resource_1']);
  });
});
