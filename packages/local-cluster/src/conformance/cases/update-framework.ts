// UPDATE_FRAMEWORK and offer constraints.
import type { AttributeConstraint, Call, FrameworkInfo, OfferConstraints } from '../../generated/protocol.js';
import type { Answer } from '../../testing/wire-client.js';
import { alone, bothEncodings, type ConformanceCase } from '../case.js';
import { expectEqual, expectMatch, notRun } from '../expect.js';
import type { Framework } from '../framework.js';

const source = 'src/master/master.cpp, Master::updateFramework';
const constraintsSource = 'src/master/allocator/mesos/offer_constraints_filter.cpp';

const update = (framework: Framework, info: Partial<FrameworkInfo>, more: Partial<Call.UpdateFramework> = {}): Promise<Answer> =>
  framework.call({
    type: 'UPDATE_FRAMEWORK',
    update_framework: { framework_info: { ...framework.info, id: { value: framework.id }, ...info }, ...more },
  });

const refused = (name: string, info: Partial<FrameworkInfo>, body: (framework: Framework) => string): ConformanceCase => ({
  name,
  source,
  since: '1.9',
  run: async (context) => {
    const framework = await context.framework();
    const answer = await update(framework, info);
    expectEqual('the answer', { status: answer.status, body: answer.body }, { status: 400, body: body(framework) });
  },
});

const constraint = (selector: AttributeConstraint.Selector, predicate: AttributeConstraint.Predicate): OfferConstraints => ({
  role_constraints: { '*': { groups: [{ attribute_constraints: [{ selector, predicate }] }] } },
});

const HOSTNAME: AttributeConstraint.Selector = { pseudoattribute_type: 'HOSTNAME' };
const ABSENT: AttributeConstraint.Selector = { attribute_name: 'conformance-no-such-attribute' };

const excludes = (name: string, selector: AttributeConstraint.Selector, predicate: AttributeConstraint.Predicate): ConformanceCase => ({
  name: `${name}: no offers`,
  source: constraintsSource,
  since: '1.11',
  run: async (context) => {
    const framework = await context.framework({ subscribe: { offer_constraints: constraint(selector, predicate) } });
    await framework.expectNoOffer('any agent', undefined, 2 * context.facts.allocationIntervalMs);
    const { status } = await update(framework, {}, { offer_constraints: {} });
    expectEqual('the update that drops the constraint', status, 200);
    await framework.expectOffer('an agent without the constraint');
  },
});

const badConstraints = (name: string, constraints: OfferConstraints, message: string | RegExp): ConformanceCase => ({
  name: `${name} is refused`,
  source: constraintsSource,
  since: '1.11',
  run: async (context) => {
    const stream = await context.subscribe(context.frameworkInfo({ failover_timeout: 0 }), { offer_constraints: constraints });
    const first = await stream.until('an answer', (events) => events[0], context.patienceMs);
    if (typeof message === 'string') expectEqual('the error', first.error?.message, message);
    else expectMatch('the error', first.error?.message, message);
  },
});

export const updateFrameworkCases = alone([
  {
    name: 'UPDATE_FRAMEWORK is answered 200 when it is done, and shows in /frameworks',
    source,
    since: '1.9',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const { status, body } = await update(framework, { name: 'renamed', webui_url: 'http://nowhere.example/' });
      expectEqual('the answer', { status, body }, { status: 200, body: '' });
      const { frameworks } = await context.getJson<{ frameworks: Record<string, unknown>[] }>('/frameworks');
      const seen = frameworks.find(({ id }) => id === framework.id) ?? {};
      expectEqual('the name', seen['name'], 'renamed');
      expectEqual('webui_url', seen['webui_url'], 'http://nowhere.example/');
    },
  },
  refused(
    'an update of the user is refused',
    { user: 'somebody' },
    ({ info }) =>
      `FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from '${info.user}' to 'somebody'`,
  ),
  refused(
    'an update of checkpoint is refused',
    { checkpoint: false },
    () =>
      `FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'true' to 'false'`,
  ),
  refused(
    'an update to an invalid role is refused',
    { roles: ['a//b'] },
    () =>
      `Supplied FrameworkInfo is not valid: 'FrameworkInfo.roles' contains invalid role: Role 'a//b' cannot contain two adjacent slashes`,
  ),
  refused(
    'an update of another framework is refused',
    { id: { value: 'other' } },
    () => `Failed to validate scheduler::Call: 'framework_id' differs from 'update_framework.framework_info.id'`,
  ),
  {
    name: 'an update to other roles moves the offers',
    source: 'src/master/allocator/mesos/hierarchical.cpp, updateFramework',
    since: '1.9',
    run: async (context) => {
      if (context.facts.flags['roles'] !== undefined) return notRun('the master has a list of roles');
      const framework = await context.framework();
      await framework.offer();
      expectEqual('the status', (await update(framework, { roles: ['conformance-c'] })).status, 200);
      await framework.decline(framework.offers(), 0);
      const next = await framework.expectOffer('an offer of the new role', ({ allocation_info }) => allocation_info?.role !== '*');
      expectEqual('its role', next.allocation_info?.role, 'conformance-c');
    },
  },
  {
    name: 'an update with suppressed_roles suppresses them, one without revives them',
    source: 'src/master/allocator/mesos/hierarchical.cpp, updateFramework',
    since: '1.9',
    run: async (context) => {
      const framework = await context.framework({ subscribe: { suppressed_roles: ['*'] } });
      await framework.expectNoOffer('any agent', undefined, context.facts.allocationIntervalMs);
      expectEqual('the status', (await update(framework, {}, { suppressed_roles: [] })).status, 200);
      await framework.expectOffer('an offer');
      expectEqual('the status', (await update(framework, {}, { suppressed_roles: ['*'] })).status, 200);
      const old = framework.offers();
      await framework.decline(old, 0);
      const isNew = ({ id }: { readonly id: { readonly value: string } }) => !old.some((one) => one.id.value === id.value);
      await framework.expectNoOffer('any agent', isNew, 2 * context.facts.allocationIntervalMs);
    },
  },
  excludes('a constraint to a hostname that no agent has', HOSTNAME, { text_equals: { value: 'no.such.host' } }),
  excludes('a constraint to a hostname pattern that no agent has', HOSTNAME, { text_matches: { regex: 'no\\.such\\.host[0-9]+' } }),
  excludes('a constraint against all hostnames', HOSTNAME, { text_not_matches: { regex: '.*' } }),
  excludes('a constraint to an attribute that no agent has', ABSENT, { exists: {} }),
  {
    name: 'a constraint that an agent meets: its offers, and no others',
    source: constraintsSource,
    since: '1.11',
    encodings: bothEncodings,
    run: async (context) => {
      const wanted = context.facts.agents.at(-1)?.hostname ?? notRun('the cluster has no agent');
      const offer_constraints = constraint(HOSTNAME, { text_equals: { value: wanted } });
      const framework = await context.framework({ subscribe: { offer_constraints } });
      await framework.offer();
      for (const { hostname } of framework.offers()) expectEqual('the host', hostname, wanted);
    },
  },
  {
    name: 'constraints that an absent attribute meets: offers',
    source: `include/mesos/v1/scheduler/scheduler.proto, AttributeConstraint.Predicate; ${constraintsSource}`,
    since: '1.11',
    run: async (context) => {
      for (const predicate of [{ not_exists: {} }, { text_not_equals: { value: 'x' } }, { text_not_matches: { regex: 'x' } }]) {
        const framework = await context.framework({ subscribe: { offer_constraints: constraint(ABSENT, predicate) } });
        await framework.expectOffer(Object.keys(predicate).join());
        await framework.send({ type: 'TEARDOWN' });
      }
    },
  },
  {
    name: 'constraints of a role that the framework has not are refused',
    source: 'src/master/validation.cpp, framework::validateOfferConstraintsRoles',
    since: '1.11',
    run: async (context) => {
      const offer_constraints = { role_constraints: { stranger: constraint(ABSENT, { exists: {} }).role_constraints?.['*'] ?? {} } };
      const stream = await context.subscribe(context.frameworkInfo({ failover_timeout: 0 }), { offer_constraints });
      const first = await stream.until('an answer', (events) => events[0], context.patienceMs);
      expectMatch('the error', first.error?.message, /^Offer constraints specify `role_constraints` for a role 'stranger'/);
    },
  },
  badConstraints(
    'a role without groups of constraints',
    { role_constraints: { '*': { groups: [] } } },
    /^Offer constraints are not valid: .*empty/,
  ),
  badConstraints(
    'an empty group of constraints',
    { role_constraints: { '*': { groups: [{ attribute_constraints: [] }] } } },
    /^Offer constraints are not valid: .*empty/,
  ),
  badConstraints(
    'a pattern that is no regular expression',
    constraint(HOSTNAME, { text_matches: { regex: '(' } }),
    /^Offer constraints are not valid: .*Failed to construct regex from pattern '\('/,
  ),
  badConstraints('a constraint that asks nothing', constraint(HOSTNAME, {}), /^Offer constraints are not valid: .*Unknown predicate type/),
]);
