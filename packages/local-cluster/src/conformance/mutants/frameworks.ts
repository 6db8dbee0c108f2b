import { fault, type Mutant } from './mutant.js';

const info = 'master/domain/validation/framework-info.ts';
const roles = 'resources/roles.ts';
const subscription = 'master/domain/subscription.ts';
const options = 'master/domain/framework-options.ts';
const calls = 'master/domain/scheduler-calls.ts';
const constraints = 'master/domain/allocator/offer-constraints.ts';

export const frameworkMutants: readonly Mutant[] = [
  fault(info, `if (info.role !== undefined) return`, `if (false) return`, 'role beside MULTI_ROLE is refused'),
  fault(info, `if ((info.roles ?? []).length > 0) return`, `if (false) return`, 'roles without MULTI_ROLE are refused'),
  fault(info, `if (duplicates.length > 0) return`, `if (false) return`, 'a role twice is refused'),
  fault(
    roles,
    `if (role === '*') return undefined;`,
    `if (role !== '') return undefined;`,
    'a role with whitespace is refused',
    'a role that starts with a slash is refused',
    'a role that ends with a slash is refused',
    'a role with an empty part is refused',
    'a role with a part .. is refused',
    'a role with a part * is refused',
    'a role that starts with a dash is refused',
    'an invalid role of a framework without MULTI_ROLE is refused',
    'an update to an invalid role is refused',
  ),
  fault(info, `if (id !== undefined && id !== '') {`, `if (false) {`, 'a framework id with a slash is refused'),
  fault(info, `Math.abs(timeout) > MAX_DURATION_SECONDS`, `false`, 'a failover_timeout beyond all durations is refused'),
  fault(info, `Math.abs(timeout) > MAX`, `timeout < 0 || timeout > MAX`, 'a negative failover_timeout is taken'),
  fault(info, `if (foreign.length > 0) return`, `if (false) return`, 'suppressed_roles beyond the roles are refused'),
  fault(options, `if (strange.length > 0) return`, `if (false) return`, 'a role that the master has not on its list is refused'),
  fault(options, `info.user === 'root' && !rootSubmissions`, `false`, 'root is refused by a master with --no-root_submissions'),

  fault(
    subscription,
    `{ message: 'Framework failed over' }`,
    `{ message: 'Framework was replaced' }`,
    'a second subscription ends the first with "Framework failed over"',
  ),
  fault(
    calls,
    `if (streamId !== framework.stream)`,
    `if (false)`,
    'a call with the stream id of an earlier subscription is refused with 400',
  ),
  fault(calls, `if (streamId === undefined) return`, `if (false) return`, 'a call without Mesos-Stream-Id is refused with 400'),
  fault(calls, `{ status: 403,`, `{ status: 400,`, 'a call of a framework whose stream is cut is refused with 403'),
  fault(
    subscription,
    `turn.now + (framework.info.failover_timeout ?? 0) * 1000`,
    `turn.now`,
    'within failover_timeout the framework comes back with its tasks',
  ),
  fault(
    subscription,
    `  tellAgents(master, framework, turn);\n`,
    ``,
    'what was not acknowledged comes again at once after a new subscription',
  ),
  fault(
    subscription,
    `turn.now + (framework.info.failover_timeout ?? 0) * 1000`,
    `turn.now + 60_000`,
    'after failover_timeout the framework is removed',
    'without failover_timeout the framework is gone with its stream',
  ),
  fault(options, `'Framework has been removed'`, `'Framework is completed'`, 'a torn down framework can not subscribe again*'),
  fault(
    subscription,
    `master.frameworks.get(givenId) ?? enter(master, info, givenId,`,
    'master.frameworks.get(givenId) ?? enter(master, info, `${master.info.id}-${master.next.framework}`,',
    'an id that the master never gave is taken as it is',
  ),
  fault(subscription, `...updated,\n  user,`, `...updated,`, 'a new subscription changes name and roles, but neither user nor checkpoint'),

  fault(
    calls,
    `{ status: 200 } : { status: 400, body: error }`,
    `{ status: 202 } : { status: 409, body: error }`,
    'UPDATE_FRAMEWORK is answered 200 when it is done, and shows in /frameworks',
    'an update of the user is refused',
    'an update of checkpoint is refused',
  ),
  fault(
    'master/domain/validation/call-validation.ts',
    `call.update_framework?.framework_info.id?.value !== call.framework_id.value`,
    `false`,
    'an update of another framework is refused',
  ),
  fault(options, `  framework.roles = rolesOf(info);\n`, ``, 'an update to other roles moves the offers'),
  fault(
    options,
    `framework.suppressedRoles = new Set(suppressedRoles);`,
    ``,
    'an update with suppressed_roles suppresses them, one without revives them',
  ),
  fault(
    constraints,
    `return !test(agent);`,
    `return false;`,
    'a constraint to a hostname that no agent has: no offers',
    'a constraint to an attribute that no agent has: no offers',
    'a constraint that an agent meets: its offers, and no others',
  ),
  fault(
    constraints,
    `const matches = fullMatcher(text_matches?.regex ?? text_not_matches?.regex ?? '');`,
    `const matches = () => text_matches !== undefined;`,
    'a constraint to a hostname pattern that no agent has: no offers',
    'a constraint against all hostnames: no offers',
  ),
  fault(
    constraints,
    `comparing((text) => text !== text_not_equals.value, true)`,
    `comparing((text) => text !== text_not_equals.value, false)`,
    'constraints that an absent attribute meets: offers',
  ),
  fault(info, `if (stray !== undefined) return`, `if (false) return`, 'constraints of a role that the framework has not are refused'),
  fault(constraints, `if (groups.length === 0) return`, `if (false) return`, 'a role without groups of constraints is refused'),
  fault(constraints, `if (all.length === 0) return`, `if (false) return`, 'an empty group of constraints is refused'),
  fault(constraints, `'Unknown predicate type'`, `'No predicate'`, 'a constraint that asks nothing is refused'),
  fault(
    'regular-expressions/re2.ts',
    'Failed to construct regex from pattern',
    'Failed to compile',
    'a pattern that is no regular expression is refused',
  ),
];
