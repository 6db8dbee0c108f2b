// --offer_timeout, and roles with a hierarchy.
import { alone } from '../case.js';
import { durationMs } from '../cluster-facts.js';
import { expectEqual, expectTrue, notRun } from '../expect.js';
import { on } from '../framework.js';
import { task } from '../tasks.js';

export const offerTimeoutCases = alone([
  {
    name: 'offers are rescinded after --offer_timeout, and offered again',
    source: 'docs/configuration/master.md, --offer_timeout; src/master/master.cpp, Master::offerTimeout',
    flags: ['--offer_timeout=1secs'],
    run: async (context) => {
      const timeout = durationMs(context.facts.flags['offer_timeout']);
      if (timeout === undefined || timeout > 60_000) return notRun('the master has no short --offer_timeout');
      const framework = await context.framework();
      const offer = await framework.offer();
      const startedAt = Date.now();
      await framework.until('RESCIND', () => (framework.isRescinded(offer) ? true : undefined), timeout + context.patienceMs);
      expectTrue('no sooner', Date.now() - startedAt > timeout - 500, Date.now() - startedAt);
      await framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: [on(offer, task('late'))] } }]);
      const { message } = await framework.status('late', () => true);
      expectEqual('a use of it', message, `Task launched with invalid offers: Offer ${offer.id.value} is no longer valid`);
      await framework.expectOffer('the agent', ({ agent_id }) => agent_id.value === offer.agent_id.value);
    },
  },
  {
    name: 'a role within a role is offered like any other',
    source: 'docs/roles.md',
    run: async (context) => {
      if (context.facts.flags['roles'] !== undefined) return notRun('the master has a list of roles');
      const role = 'conformance/a/b';
      const framework = await context.framework({ info: { roles: [role] } });
      const offer = await framework.expectOffer('an offer');
      expectEqual('its role', offer.allocation_info?.role, role);
      await framework.launch([task('t', `[ "$MESOS_ALLOCATION_ROLE" = ${role} ] || [ -z "$MESOS_ALLOCATION_ROLE" ]`)], offer);
      expectEqual('a task of it', (await framework.end('t')).state, 'TASK_FINISHED');
    },
  },
]);
