// Who is not offered what: refusals, suppression, and how they end.
import type { Offer } from '../../generated/protocol.js';
import { alone, bothEncodings } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectTrue, notRun } from '../expect.js';
import type { Framework } from '../framework.js';

const allocator = 'src/master/allocator/mesos/hierarchical.cpp';

const ofAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

const twoCycles = (context: CaseContext): number => 2 * context.facts.allocationIntervalMs;

/** Refused, and what came meanwhile is out of the way. */
const declineAll = async (framework: Framework, seconds?: number): Promise<Offer> => {
  const first = await framework.offer();
  const all = [...new Map(framework.offers().map((offer) => [offer.id.value, offer])).values()];
  await framework.decline(all, seconds);
  return first;
};

export const decliningCases = alone([
  {
    name: 'refuse_seconds keeps the agent away until REVIVE',
    source: `${allocator}, recoverResources, reviveRoles`,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework, 3600);
      await framework.expectNoOffer('the agent', ofAgent(offer), twoCycles(context));
      await framework.send({ type: 'REVIVE' });
      const again = await framework.expectOffer('the agent', ofAgent(offer));
      expectEqual('its resources', again.resources, offer.resources);
      expectTrue('the offer is a new one', again.id.value !== offer.id.value);
    },
  },
  {
    name: 'refuse_seconds over, the agent is offered again',
    source: `${allocator}, expire`,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework, 2.5);
      await framework.expectNoOffer('the agent', ofAgent(offer), 2000);
      await framework.expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'refuse_seconds 0 leaves no filter',
    source: `${allocator}, recoverResources: timeout zero`,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework, 0);
      const startedAt = Date.now();
      await framework.expectOffer('the agent', ofAgent(offer));
      // The next cycle or the one after it; the default filter would take 5 s.
      expectTrue('soon', Date.now() - startedAt < twoCycles(context) + 2000, Date.now() - startedAt);
    },
  },
  {
    name: 'without filters an agent is refused for 5 seconds',
    source: 'include/mesos/v1/mesos.proto, Filters.refuse_seconds: 5.0 by default',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework);
      await framework.expectNoOffer('the agent', ofAgent(offer), 4500);
      await framework.expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'a negative refuse_seconds counts as the default',
    source: `${allocator}, recoverResources: "input value is negative"`,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework, -1);
      await framework.expectNoOffer('the agent', ofAgent(offer), Math.max(3000, twoCycles(context)));
    },
  },
  {
    name: 'SUPPRESS: no offers until REVIVE',
    source: `${allocator}, suppressRoles`,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.offer();
      await framework.send({ type: 'SUPPRESS' });
      const all = framework.offers();
      await framework.decline(all, 0);
      await framework.expectNoOffer('any agent', ({ id }) => !all.some((old) => old.id.value === id.value), twoCycles(context));
      await framework.send({ type: 'REVIVE' });
      await framework.expectOffer('an agent', ({ id }) => !all.some((old) => old.id.value === id.value));
    },
  },
  {
    name: 'SUBSCRIBE with suppressed_roles: no offers until REVIVE of the role',
    source: `${allocator}, addFramework: suppressedRoles`,
    run: async (context) => {
      const framework = await context.framework({ subscribe: { suppressed_roles: ['*'] } });
      await framework.expectNoOffer('any agent', undefined, twoCycles(context));
      await framework.send({ type: 'REVIVE', revive: { roles: ['*'] } });
      await framework.expectOffer('an agent');
    },
  },
  {
    name: 'SUPPRESS of one role leaves the others',
    source: 'src/master/master.cpp, Master::suppress',
    run: async (context) => {
      if (context.facts.flags['roles'] !== undefined) return notRun('the master has a list of roles');
      const roles = ['conformance-a', 'conformance-b'];
      const framework = await context.framework({ info: { roles }, subscribe: { suppressed_roles: roles } });
      await framework.send({ type: 'REVIVE' });
      await framework.send({ type: 'SUPPRESS', suppress: { roles: ['conformance-a'] } });
      await framework.offer();
      await framework.decline(framework.offers(), 0);
      const old = new Set(framework.offers().map(({ id }) => id.value));
      const next = await framework.expectOffer('an offer', ({ id }) => !old.has(id.value));
      expectEqual('its role', next.allocation_info?.role, 'conformance-b');
    },
  },
  {
    name: 'REVIVE and SUPPRESS of a role that the framework has not are ignored',
    source: 'src/master/master.cpp, Master::revive: "drop(framework, revive, …)"',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await declineAll(framework, 3600);
      await framework.send({ type: 'REVIVE', revive: { roles: ['conformance-none'] } });
      await framework.send({ type: 'SUPPRESS', suppress: { roles: ['conformance-none'] } });
      await framework.expectNoOffer('the agent', ofAgent(offer), twoCycles(context));
      await framework.send({ type: 'REVIVE' });
      await framework.expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'what one framework refused is offered to another',
    source: `${allocator}, isFiltered: filters are of one framework and role`,
    run: async (context) => {
      const first = await context.framework();
      const offer = await declineAll(first, 3600);
      const second = await context.framework();
      await second.expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'the filters of a framework are gone when it subscribes again after a cut',
    source: `${allocator}, deactivateFramework: offerFilters.clear()`,
    run: async (context) => {
      const first = await context.framework();
      const offer = await declineAll(first, 3600);
      await context.cut(first);
      await (await context.again(first)).expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'offers of a framework that is cut go to others',
    source: 'src/master/master.cpp, Master::deactivate(Framework*): offers are rescinded',
    run: async (context) => {
      const first = await context.framework();
      const offer = await first.offer();
      const second = await context.framework();
      first.subscription.close();
      await second.expectOffer('the agent', ofAgent(offer));
    },
  },
  {
    name: 'min_allocatable_resources of a role: no smaller offers',
    source: `${allocator}, allocatable; include/mesos/v1/mesos.proto, OfferFilters`,
    since: '1.10',
    run: async (context) => {
      const huge = { quantities: { cpus: { value: 1_000_000 } } };
      const offer_filters = { '*': { min_allocatable_resources: { quantities: [huge] } } };
      const framework = await context.framework({ info: { offer_filters } });
      await framework.expectNoOffer('any agent', undefined, twoCycles(context));
      const small = { quantities: { cpus: { value: 0.1 } } };
      const info = { ...framework.info, id: { value: framework.id } };
      info.offer_filters = { '*': { min_allocatable_resources: { quantities: [huge, small] } } };
      const { status } = await framework.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: info } });
      expectEqual('the status', status, 200);
      await framework.expectOffer('an offer');
    },
  },
  {
    name: 'REQUEST changes nothing',
    source: `${allocator}, requestResources`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.send({ type: 'REQUEST', request: { requests: [] } });
      await framework.expectOffer('an offer');
    },
  },
]);
