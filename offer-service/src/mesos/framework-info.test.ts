import { describe, expect, it } from 'vitest';
import { constraintsOf, frameworkInfo, infoWithNeeds, type FrameworkConfig } from './framework-info.js';
import { noNeeds } from '../domain/roles/offer-needs.js';

const config: FrameworkConfig = {
  frameworkName: 'test',
  mesosUser: 'nobody',
  mesosRoles: ['a', 'b'],
  mesosPrincipal: undefined,
  failoverTimeoutSecs: 604_800,
  gpuResources: true,
  revocableResources: false,
};

const capabilitiesOf = (more: Partial<FrameworkConfig>) =>
  frameworkInfo({ ...config, ...more }, 'http://here').capabilities?.map(({ type }) => type) ?? [];

describe('the framework info', () => {
  it('outlives a restart of agents and of ourselves, and has all roles', () => {
    expect(frameworkInfo(config, 'http://here')).toMatchObject({
      user: 'nobody',
      checkpoint: true,
      failover_timeout: 604_800,
      roles: ['a', 'b'],
    });
  });

  it('asks for GPUs and for what Mesos may take back as configured', () => {
    expect(capabilitiesOf({})).toContain('GPU_RESOURCES');
    expect(capabilitiesOf({})).not.toContain('REVOCABLE_RESOURCES');
    expect(capabilitiesOf({ gpuResources: false, revocableResources: true })).toEqual([
      'MULTI_ROLE',
      'PARTITION_AWARE',
      'TASK_KILLING_STATE',
      'RESERVATION_REFINEMENT',
      'REVOCABLE_RESOURCES',
    ]);
  });

  it('carries the offer filters of those roles that have some', () => {
    const filters = { a: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 1 } } }] } } };
    const info = frameworkInfo(config, 'http://here');
    expect(infoWithNeeds(info, { filters, constraints: {} })).toEqual({ ...info, offer_filters: filters });
    expect(infoWithNeeds(info, noNeeds)).toEqual(info);
    expect(constraintsOf(noNeeds)).toBeUndefined();
  });
});
