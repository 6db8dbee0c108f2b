// What the master refuses of a FrameworkInfo: by ERROR, and the stream ends.
import type { Call, FrameworkInfo } from '../../generated/protocol.js';
import type { ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, notRun } from '../expect.js';

const validate = 'src/master/validation.cpp, framework::validate';

const errorOf = async (context: CaseContext, info: FrameworkInfo, more: Partial<Call.Subscribe> = {}): Promise<string | undefined> => {
  const stream = await context.subscribe({ ...info, failover_timeout: info.failover_timeout ?? 0 }, more);
  expectEqual('the status', stream.status, 200);
  const first = await stream.until('an answer', (events) => events[0], context.patienceMs);
  if (first.type === 'ERROR') await stream.untilClosed(context.patienceMs);
  expectEqual('the number of events', first.type === 'ERROR' ? stream.events.length : 1, 1);
  stream.close();
  return first.error?.message;
};

/** `info` of the framework → the text of ERROR. */
const refusal = (
  name: string,
  info: Partial<FrameworkInfo>,
  message: string,
  more: Partial<ConformanceCase> & { readonly subscribe?: Partial<Call.Subscribe> } = {},
): ConformanceCase => {
  const { subscribe = {}, ...rest } = more;
  return {
    name,
    source: validate,
    run: async (context) => expectEqual('the error', await errorOf(context, context.frameworkInfo(info), subscribe), message),
    ...rest,
  };
};

const roleSource = 'src/common/roles.cpp, roles::validate';
const multiRole = `'FrameworkInfo.roles' contains invalid role: `;

export const frameworkInfoCases: readonly ConformanceCase[] = [
  refusal(
    'role beside MULTI_ROLE is refused',
    { role: 'a' },
    `'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable`,
  ),
  refusal(
    'roles without MULTI_ROLE are refused',
    { roles: ['a'], capabilities: [] },
    `'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable`,
  ),
  refusal('a role twice is refused', { roles: ['a', 'b', 'a'] }, `'FrameworkInfo.roles' contains duplicate items: { a }`),
  refusal(
    'a role with whitespace is refused',
    { roles: ['bad role'] },
    `${multiRole}Role component 'bad role' is invalid because it contains backspace or whitespace`,
    { source: roleSource },
  ),
  refusal('a role that starts with a slash is refused', { roles: ['/a'] }, `${multiRole}Role '/a' cannot start with a slash`, {
    source: roleSource,
  }),
  refusal('a role that ends with a slash is refused', { roles: ['a/'] }, `${multiRole}Role 'a/' cannot end with a slash`, {
    source: roleSource,
  }),
  refusal('a role with an empty part is refused', { roles: ['a//b'] }, `${multiRole}Role 'a//b' cannot contain two adjacent slashes`, {
    source: roleSource,
  }),
  refusal('a role with a part .. is refused', { roles: ['a/..'] }, `${multiRole}Role 'a/..' cannot include '..' as a component`, {
    source: roleSource,
  }),
  refusal('a role with a part * is refused', { roles: ['a/*'] }, `${multiRole}Role 'a/*' cannot include '*' as a component`, {
    source: roleSource,
  }),
  refusal(
    'a role that starts with a dash is refused',
    { roles: ['-a'] },
    `${multiRole}Role component '-a' is invalid because it starts with a dash`,
    { source: roleSource },
  ),
  refusal(
    'an invalid role of a framework without MULTI_ROLE is refused',
    { role: 'a//b', roles: [], capabilities: [] },
    `'FrameworkInfo.role' is not a valid role: Role 'a//b' cannot contain two adjacent slashes`,
  ),
  refusal('a framework id with a slash is refused', { id: { value: 'a/b' } }, `'a/b' contains invalid characters`, {
    source: 'src/common/validation.cpp, validateFrameworkID',
    since: '1.9',
  }),
  refusal('a failover_timeout beyond all durations is refused', { failover_timeout: 1e300 }, '', {
    source: 'src/master/validation.cpp, framework::internal::validateFailoverTimeout',
    run: async (context) => {
      const error = await errorOf(context, context.frameworkInfo({ failover_timeout: 1e300 }));
      expectEqual('the error', error?.replace(/\(.*\)/, '(…)'), 'The framework failover_timeout (…) is invalid');
    },
  }),
  {
    name: 'a negative failover_timeout is taken',
    source: `${validate}: only what is no Duration is refused`,
    run: async (context) => expectEqual('the error', await errorOf(context, context.frameworkInfo({ failover_timeout: -1 })), undefined),
  },
  refusal('suppressed_roles beyond the roles are refused', {}, 'Suppressed roles { foreign } are not contained in the set of roles', {
    source: 'src/master/validation.cpp, framework::validateSuppressedRoles',
    since: '1.12',
    subscribe: { suppressed_roles: ['foreign'] },
  }),
  {
    name: 'a role that the master has not on its list is refused',
    source: 'src/master/master.cpp, Master::validateFramework',
    flags: ['--roles=conformance-listed'],
    run: async (context) => {
      if (context.facts.flags['roles'] === undefined) return notRun('the master has no --roles');
      const error = await errorOf(context, context.frameworkInfo({ roles: ['conformance-stranger'] }));
      expectEqual('the error', error, `Roles { conformance-stranger } are not present in the master's --roles`);
    },
  },
  {
    name: 'root is refused by a master with --no-root_submissions',
    source: 'src/master/master.cpp, Master::validateFramework',
    flags: ['--no-root_submissions'],
    run: async (context) => {
      if (context.facts.flags['root_submissions'] !== 'false') return notRun('the master takes frameworks of root');
      const error = await errorOf(context, context.frameworkInfo({ user: 'root' }));
      expectEqual('the error', error, `User 'root' is not allowed to run frameworks without --root_submissions set`);
    },
  },
];
