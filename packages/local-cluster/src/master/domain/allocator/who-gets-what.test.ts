import { describe, expect, it } from 'vitest';
import type { FrameworkInfo, OfferConstraints } from '../../../generated/protocol.js';
import { pushReservation } from '../../../resources/testing/push-reservation.js';
import { parseResources } from '../../../resources/resources-text.js';
import { parseAttributes } from '../../../resources/attributes-text.js';
import { agentReregisters } from '../agents/reregister.js';
import { statusUpdate } from '../status-update.js';
import { TestMaster } from '../testing/master.js';

const capable = (...types: FrameworkInfo.Capability.Type[]): Pick<FrameworkInfo, 'capabilities'> => ({
  capabilities: ['MULTI_ROLE' as const, ...types].map((type) => ({ type })),
});

/** Role → what is reserved for it, in Mesos's syntax; `*` is for all. */
const agentWith = (master: TestMaster, parts: Record<string, string>): string => {
  const resources = Object.entries(parts).flatMap(([role, text]) =>
    role === '*' ? parseResources(text) : pushReservation(parseResources(text), { type: 'STATIC', role }),
  );
  return master.agent('a', '', '', { resources });
};

/** What is open for the framework: `cpus` of each role's offers, reserved for whom. */
const cpusOf = (master: TestMaster, name: string): Record<string, string[]> => {
  const result: Record<string, string[]> = {};
  for (const { allocation_info, resources = [] } of master.open(name))
    result[allocation_info?.role ?? ''] = resources
      .filter((resource) => resource.name === 'cpus')
      .map(({ scalar, reservations = [] }) => [scalar?.value, ...reservations.map(({ role }) => role)].join(' for '));
  return result;
};

describe('reservations', () => {
  it('are offered to their role and those below it, with what is unreserved', () => {
    const master = new TestMaster();
    agentWith(master, { '*': 'cpus:1;mem:1024', eng: 'cpus:2', ops: 'cpus:4' });
    master.framework('f', { roles: ['eng/web'], ...capable('RESERVATION_REFINEMENT') });
    expect(cpusOf(master, 'f')).toEqual({ 'eng/web': ['2 for eng', '1'] });
    master.framework('g', { roles: ['ops'], ...capable('RESERVATION_REFINEMENT') });
    expect(cpusOf(master, 'g')).toEqual({ ops: ['4 for ops'] });
  });

  it('stay unused while nobody has the role, nor one below it', () => {
    const master = new TestMaster();
    agentWith(master, { 'eng/web': 'cpus:2;mem:64' });
    master.framework('f', { roles: ['eng', '*'], ...capable('RESERVATION_REFINEMENT') });
    expect(master.open('f')).toEqual([]);
    master.framework('g', { roles: ['eng/web'], ...capable('RESERVATION_REFINEMENT') });
    expect(cpusOf(master, 'g')).toEqual({ 'eng/web': ['2 for eng/web'] });
  });

  it('a framework with two roles gets the rest of the agent for the other in the same event', () => {
    const master = new TestMaster();
    agentWith(master, { x: 'cpus:1', y: 'cpus:2', '*': 'cpus:4' });
    master.framework('f', { roles: ['x', 'y'], ...capable('RESERVATION_REFINEMENT') });
    expect((master.events.get('f') ?? []).filter(({ type }) => type === 'OFFERS').length).toBe(1);
    expect(cpusOf(master, 'f')).toEqual({ x: ['1 for x', '4'], y: ['2 for y'] });
  });

  it('in the old format say their role', () => {
    const master = new TestMaster();
    agentWith(master, { eng: 'cpus:2', '*': 'mem:64' });
    master.framework('f', { roles: ['eng'] });
    const { resources = [] } = master.open('f')[0] ?? {};
    expect(resources.map(({ name, role }) => [name, role])).toEqual([
      ['cpus', 'eng'],
      ['mem', '*'],
    ]);
  });
});

describe('the hierarchy of roles', () => {
  it('shares between branches, not between names', () => {
    const master = new TestMaster();
    master.framework('one', { roles: ['a/x'] });
    master.framework('two', { roles: ['a/y'] });
    master.framework('three', { roles: ['b'] });
    for (let index = 0; index < 8; index += 1) master.agent(`h${index}`);
    expect(['one', 'two', 'three'].map((name) => master.open(name).length)).toEqual([2, 2, 4]);
  });
});

describe('agents that not everybody may have', () => {
  it('with GPUs: frameworks with GPU_RESOURCES, unless the master does not filter', () => {
    for (const [filterGpuResources, expected] of [
      [true, [0, 1]],
      [false, [1, 0]],
    ] as const) {
      const master = new TestMaster({ filterGpuResources });
      master.agent('a', 'cpus:4;mem:1024;gpus:1');
      master.framework('plain');
      master.framework('gpu', capable('GPU_RESOURCES'));
      expect(['plain', 'gpu'].map((name) => master.open(name).length)).toEqual(expected);
    }
  });

  it('of another region: frameworks with REGION_AWARE', () => {
    const domain = (region: string, zone = 'z') => ({ fault_domain: { region: { name: region }, zone: { name: zone } } });
    const master = new TestMaster({}, 1, { domain: domain('here') });
    master.agent('near', undefined, '', { domain: domain('here', 'other') });
    master.agent('far', undefined, '', { domain: domain('there') });
    master.agent('nowhere');
    master.framework('plain');
    expect(
      master
        .open('plain')
        .map(({ hostname }) => hostname)
        .sort(),
    ).toEqual(['near', 'nowhere']);
    master.framework('aware', capable('REGION_AWARE'));
    expect(master.open('aware').map(({ hostname, domain: where }) => [hostname, where])).toEqual([['far', domain('there')]]);
  });
});

describe('offer constraints', () => {
  const offeredWith = (...groups: OfferConstraints.RoleConstraints.Group['attribute_constraints'][]): string[] => {
    const master = new TestMaster();
    const where = { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } };
    master.state.info.domain = where;
    master.agent('one', undefined, 'rack:r1;disks:2');
    master.agent('two', undefined, 'rack:r2', { domain: where });
    master.agent('three', undefined, '');
    master.framework('f', {}, ['*']);
    const role_constraints = { '*': { groups: groups.map((attribute_constraints) => ({ attribute_constraints })) } };
    const framework_info = master.state.frameworks.get('m-0000')?.info ?? expect.fail();
    const answer = master.call('f', {
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info, offer_constraints: { role_constraints } },
    });
    expect(answer).toEqual({ status: 200 });
    master.call('f', { type: 'REVIVE' });
    return master
      .open('f')
      .map(({ hostname }) => hostname)
      .sort();
  };
  const rack = { attribute_name: 'rack' };

  it.each([
    ['exists', { selector: rack, predicate: { exists: {} } }, ['one', 'two']],
    ['not_exists', { selector: rack, predicate: { not_exists: {} } }, ['three']],
    ['text_equals', { selector: rack, predicate: { text_equals: { value: 'r1' } } }, ['one']],
    ['text_not_equals, absent too', { selector: rack, predicate: { text_not_equals: { value: 'r1' } } }, ['three', 'two']],
    ['text_matches the whole', { selector: rack, predicate: { text_matches: { regex: 'r[13]|2' } } }, ['one']],
    ['text_not_matches', { selector: rack, predicate: { text_not_matches: { regex: 'r.' } } }, ['three']],
    ['of an attribute that is no text', { selector: { attribute_name: 'disks' }, predicate: { text_equals: { value: 'x' } } }, ['one']],
    [
      'HOSTNAME',
      { selector: { pseudoattribute_type: 'HOSTNAME' as const }, predicate: { text_matches: { regex: 't.*' } } },
      ['three', 'two'],
    ],
    ['REGION', { selector: { pseudoattribute_type: 'REGION' as const }, predicate: { text_equals: { value: 'eu' } } }, ['two']],
    ['ZONE', { selector: { pseudoattribute_type: 'ZONE' as const }, predicate: { not_exists: {} } }, ['one', 'three']],
  ])('%s', (_what, constraint, expected) => {
    expect(offeredWith([constraint])).toEqual(expected);
  });

  it('groups are alternatives, the constraints of a group all hold', () => {
    const has = { selector: rack, predicate: { exists: {} } };
    const isOne = { selector: rack, predicate: { text_equals: { value: 'r1' } } };
    const isThree = { selector: { pseudoattribute_type: 'HOSTNAME' as const }, predicate: { text_equals: { value: 'three' } } };
    expect(offeredWith([has, isOne], [isThree])).toEqual(['one', 'three']);
  });
});

describe('when', () => {
  it('what came free is offered in the next cycle, not before', () => {
    const master = new TestMaster();
    master.agent('a');
    master.framework('f');
    master.declineAll('f', 0);
    expect(master.open('f')).toEqual([]);
    master.cycle();
    expect(master.open('f').length).toBe(1);
  });

  it('an agent that comes back with other attributes is offered at once to who had refused it', () => {
    const master = new TestMaster();
    const agentId = master.agent('a', undefined, 'rack:r1');
    master.framework('f');
    master.declineAll('f', 3600);
    const agent = master.state.agents.get(agentId) ?? expect.fail();
    const comeBack = (info: typeof agent.info): void =>
      master.turn((turn) => {
        const report = { frameworks: [], tasks: [], executors: [], operations: [] };
        agentReregisters(master.state, agent.pid, { type: 'reregister', agentId, agent: info, total: agent.total, ...report }, turn);
      });
    comeBack({ ...agent.info });
    expect(master.open('f')).toEqual([]);
    comeBack({ ...agent.info, attributes: parseAttributes('rack:r2') });
    expect(master.open('f').map(({ attributes }) => attributes?.[0]?.text?.value)).toEqual(['r2']);
  });

  it('a refusal ends when the agent has more than what was refused', () => {
    const master = new TestMaster();
    master.agent('a', 'cpus:4;mem:1024');
    master.framework('f');
    master.launch('f', 't', 1, 32, { refuse_seconds: 3600 });
    master.cycle(1_000);
    expect(master.open('f')).toEqual([]);
    const task = [...master.state.frameworks.values()][0]?.tasks.get('t') ?? expect.fail();
    const status = { task_id: { value: 't' }, state: 'TASK_FINISHED' as const };
    const { agentId, frameworkId } = task;
    master.turn((turn) => statusUpdate(master.state, { agentId, frameworkId, status, latestState: 'TASK_FINISHED' }, turn));
    expect(master.open('f')).toEqual([]);
    master.cycle(1_000);
    expect(cpusOf(master, 'f')).toEqual({ '*': ['4'] });
  });

  it('agents that are not active are passed over until the cycle after they are', () => {
    const master = new TestMaster();
    const agent = master.state.agents.get(master.agent('a')) ?? expect.fail();
    agent.active = false;
    master.framework('f');
    master.cycle();
    expect(master.open('f')).toEqual([]);
    agent.active = true;
    master.cycle();
    expect(master.open('f').length).toBe(1);
  });
});
