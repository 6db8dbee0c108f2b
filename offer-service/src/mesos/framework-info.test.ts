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

  it('has MULTI_ROLE, which `roles` need, and leaves `role` alone (include/mesos/v1/mesos.proto)', () => {
    expect(capabilitiesOf({})).toContain('MULTI_ROLE');
    expect(frameworkInfo(config, 'http://here')).not.toHaveProperty('role');
  });

  it('has PARTITION_AWARE, else all that may come back would be TASK_LOST, and TASK_KILLING_STATE, else KILLING is not sent', () => {
    expect(capabilitiesOf({})).toEqual(expect.arrayContaining(['PARTITION_AWARE', 'TASK_KILLING_STATE']));
  });

  it('has the principal, by which Mesos counts for rate limits (docs/framework-rate-limiting.md)', () => {
    expect(frameworkInfo({ ...config, mesosPrincipal: 'streams' }, 'http://here').principal).toBe('streams');
    expect(frameworkInfo(config, 'http://here')).not.toHaveProperty('principal');
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
