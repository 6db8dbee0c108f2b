import { until } from '@streams-on-mesos/local-environment';
import { SchedulerClient } from '@streams-on-mesos/mesos';
import { describe, expect, it } from 'vitest';
import { ClusterOfWorld } from './testing/cluster-of-world.js';
import { OfferWorld } from './testing/offer-world.js';

// offer-service on a local cluster that others want offers of, too.

const atLeastCpus = (value: number) => ({ quantities: [{ quantities: { cpus: { value } } }] });
const ALLOCATION_INTERVAL_MS = 2_000;

/** Subscribes a framework of another kind, and waits until every agent was offered to it. Returns how long that took, in ms. */
const untilAllOffered = async (master: string, agents: number): Promise<number> => {
  const over = new AbortController();
  const client = new SchedulerClient({
    master,
    frameworkInfo: { user: 'nobody', name: 'another', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] },
  });
  const seen = new Set<string>();
  let subscribedAt = 0;
  try {
    for await (const notice of client.subscribe({ signal: AbortSignal.any([over.signal, AbortSignal.timeout(20_000)]) })) {
      if (notice.kind === 'subscribed') subscribedAt = performance.now();
      if (notice.kind === 'event') for (const offer of notice.event.offers?.offers ?? []) seen.add(offer.agent_id.value);
      if (seen.size === agents) return performance.now() - subscribedAt;
    }
    throw new Error(`only ${seen.size} of ${agents} agents were offered`);
  } finally {
    over.abort();
  }
};

describe('offer-service on a cluster that it shares', () => {
  const world = OfferWorld.forEachTest();
  const clusters = ClusterOfWorld.forEachTest();

  const flow = async (master: string, env: Record<string, string> = {}) => {
    const process = await world.start({ MESOS_MASTER: master, ...env });
    await process.untilReady('leader');
    await world.allocationLeads();
    return process;
  };
  const hostsOffered = () => [...new Set(world.allocation.offers.map(({ hostname }) => hostname))].sort();

  it('is offered no agent that is too small for what is needed, until that is not needed any more', async () => {
    const cluster = await clusters.start({ resources: ['cpus:1;mem:1024', 'cpus:8;mem:8192'], hostnames: ['small', 'large'] });
    const process = await flow(cluster.address);
    await world.allocation.desire(true, { min_allocatable: atLeastCpus(4) });
    await world.allocation.offer();
    const state = await process.state();
    expect(state).toMatchObject({ offer_needs: 'in_force', roles: [{ role: '*', min_allocatable: atLeastCpus(4), constraints: null }] });
    // another one asks for both, so the small one is free
    await untilAllOffered(cluster.address, 1);
    expect(hostsOffered()).toEqual(['large']);
    await world.allocation.desire(true);
    await until('the small one is offered', 15_000, () => hostsOffered().length === 2, 20);
    expect((await process.state()).roles).toMatchObject([{ min_allocatable: null }]);
  });

  it('is offered only agents that meet the constraints of the role', async () => {
    const cluster = await clusters.start({ attributes: ['zone:a', 'zone:b'], hostnames: ['in-a', 'in-b'] });
    await flow(cluster.address);
    const constraints = {
      groups: [{ attribute_constraints: [{ selector: { attribute_name: 'zone' }, predicate: { text_equals: { value: 'b' } } }] }],
    };
    await world.allocation.desire(true, { constraints });
    await world.allocation.offer();
    await untilAllOffered(cluster.address, 1);
    expect(hostsOffered()).toEqual(['in-b']);
  });

  it('asks for offers of each of its roles by itself', async () => {
    const cluster = await clusters.start();
    const process = await flow(cluster.address, { MESOS_ROLE: 'a,b' });
    await world.allocation.desireRoles({ role: 'a', wanted: false }, { role: 'b', wanted: true });
    expect((await world.allocation.offer()).allocation_info).toEqual({ role: 'b' });
    expect((await process.state()).roles).toMatchObject([
      { role: 'a', wanted: false, told: 'suppressed' },
      { role: 'b', wanted: true, told: 'wanted' },
    ]);
    const seen = world.allocation.offers.length;
    const ids = world.allocation.offers.map(({ id }) => id.value);
    await world.allocation.desireRoles({ role: 'a', wanted: true }, { role: 'b', wanted: false });
    await world.allocation.call({ decline: { offer_ids: ids } });
    const later = await until(
      'role a is offered',
      15_000,
      () => world.allocation.offers.slice(seen).find((offer) => offer.allocation_info?.role === 'a'),
      20,
    );
    expect(later.allocation_info).toEqual({ role: 'a' });
  });

  it('leaves all agents to another framework within one allocation cycle while it idles (starvation by short refusals, marathon#1931)', async () => {
    const cluster = await clusters.start({ allocationIntervalMs: ALLOCATION_INTERVAL_MS });
    await flow(cluster.address);
    await world.allocation.desire(true);
    await until('all agents are offered', 15_000, () => hostsOffered().length === 2, 20);
    await world.allocation.desire(false);
    await world.allocation.call({ decline: { offer_ids: world.allocation.offers.map(({ id }) => id.value) } });
    await until('they are back', 10_000, async () => (await clusters.framework(world.frameworkName))?.offers.length === 0);
    expect(await untilAllOffered(cluster.address, 2)).toBeLessThan(ALLOCATION_INTERVAL_MS);
  });

  it('leaves all agents to another framework within one allocation cycle while it waits for what none of them has', async () => {
    const cluster = await clusters.start({ allocationIntervalMs: ALLOCATION_INTERVAL_MS });
    const process = await flow(cluster.address);
    await world.allocation.desire(true, { min_allocatable: atLeastCpus(1_000) });
    await until('it waits', 10_000, async () => (await process.state()).roles[0]?.told === 'wanted');
    expect(await untilAllOffered(cluster.address, 2)).toBeLessThan(ALLOCATION_INTERVAL_MS);
    expect(world.allocation.offers).toEqual([]);
  });
});
