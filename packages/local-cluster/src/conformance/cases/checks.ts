// Checks and health checks of command tasks.
import type { CheckInfo, HealthCheck, TaskInfo } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { expectEqual, expectFields } from '../expect.js';
import { task } from '../tasks.js';

const source = 'src/checks; docs/health-checks.md';
const validate = 'src/common/validation.cpp, validateCheckInfo and validateHealthCheck';

const health = (command: string, more: Partial<HealthCheck> = {}): Partial<TaskInfo> => ({
  health_check: {
    type: 'COMMAND',
    command: { value: command },
    delay_seconds: 0,
    interval_seconds: 0.3,
    timeout_seconds: 5,
    grace_period_seconds: 0,
    ...more,
  },
});

const check = (command: string): Partial<TaskInfo> => ({
  check: { type: 'COMMAND', command: { command: { value: command } }, delay_seconds: 0, interval_seconds: 0.3, timeout_seconds: 5 },
});

const refused = (name: string, overrides: Partial<TaskInfo>, message: string): ConformanceCase => ({
  name: `${name}: TASK_ERROR`,
  source: validate,
  run: async (context) => {
    const framework = await context.framework();
    await framework.launch([task('t', 'true', overrides)]);
    const status = await framework.status('t', () => true);
    expectFields('the status', status, { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', message });
  },
});

export const checkCases: readonly ConformanceCase[] = [
  {
    name: 'a task that is found healthy: RUNNING with healthy, and the reason',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'touch ok; sleep 60', health('test -f ok', { grace_period_seconds: 10 }))]);
      const status = await framework.status('t', ({ healthy }) => healthy === true);
      expectFields('the status', status, {
        state: 'TASK_RUNNING',
        reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
        source: 'SOURCE_EXECUTOR',
      });
      expectEqual('reconciliation', (await framework.reconcile('t')).healthy, true);
    },
  },
  {
    name: 'a task that is found sick as often as is allowed is killed',
    source,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'sleep 60', health('exit 1', { consecutive_failures: 2 }))]);
      const end = await framework.end('t');
      expectFields('the end', end, { state: 'TASK_KILLED', healthy: false });
      const states = framework.statuses('t').map(({ state, healthy }) => [state, healthy]);
      expectEqual('the statuses', states, [
        ['TASK_STARTING', undefined],
        ['TASK_RUNNING', undefined],
        ['TASK_RUNNING', false],
        ['TASK_RUNNING', false],
        ['TASK_KILLING', undefined],
        ['TASK_KILLED', false],
      ]);
    },
  },
  {
    name: 'the first health of a task in its grace period is not told while it is sick',
    source: 'src/checks/health_checker.cpp, HealthChecker::failure: "Ignoring failure … still in grace period"',
    run: async (context) => {
      const framework = await context.framework();
      const command = 'sleep 1; touch ok; sleep 60';
      await framework.launch([task('t', command, health('test -f ok', { grace_period_seconds: 30, consecutive_failures: 1 }))]);
      await framework.status('t', ({ healthy }) => healthy === true);
      const seen = framework.statuses('t').map(({ healthy }) => healthy);
      expectEqual('what was told', seen, [undefined, undefined, true]);
    },
  },
  {
    name: 'a check tells its exit code, and each change of it',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'sleep 1; touch ok; sleep 60', check('test -f ok'))]);
      const code = (exit_code: number) => framework.status('t', ({ check_status }) => check_status?.command?.exit_code === exit_code);
      expectFields('the first', await code(1), { state: 'TASK_RUNNING', reason: 'REASON_TASK_CHECK_STATUS_UPDATED', healthy: undefined });
      expectFields('the second', await code(0), { state: 'TASK_RUNNING', reason: 'REASON_TASK_CHECK_STATUS_UPDATED' });
      expectEqual('the first status has none', framework.statuses('t')[0]?.check_status, { type: 'COMMAND', command: {} });
      expectEqual('reconciliation', (await framework.reconcile('t')).check_status, { type: 'COMMAND', command: { exit_code: 0 } });
    },
  },
  {
    name: 'a check sees the environment of its task',
    source: 'src/checks/checker_process.cpp; src/launcher/executor.cpp',
    run: async (context) => {
      const framework = await context.framework();
      const overrides = {
        command: { value: 'sleep 60', environment: { variables: [{ name: 'COLOUR', value: 'blue' }] } },
        ...check('[ -n "$MESOS_SANDBOX" ] && exit 42'),
      };
      await framework.launch([task('t', 'true', overrides)]);
      await framework.status('t', ({ check_status }) => check_status?.command?.exit_code === 42);
    },
  },
  refused('a check without type', { check: { delay_seconds: 1 } as CheckInfo }, `Task uses invalid check: CheckInfo must specify 'type'`),
  refused(
    'a COMMAND check without command',
    { check: { type: 'COMMAND' } },
    `Task uses invalid check: Expecting 'command' to be set for COMMAND check`,
  ),
  refused(
    'an HTTP check whose path has no slash',
    { check: { type: 'HTTP', http: { port: 80, path: 'health' } } },
    `Task uses invalid check: The path 'health' of HTTP check must start with '/'`,
  ),
  refused(
    'a check with a negative interval',
    { check: { type: 'TCP', tcp: { port: 80 }, interval_seconds: -1 } },
    `Task uses invalid check: Expecting 'interval_seconds' to be non-negative`,
  ),
  refused(
    'a health check with a negative grace period',
    { health_check: { type: 'TCP', tcp: { port: 80 }, grace_period_seconds: -1 } },
    `Task uses invalid health check: Expecting 'grace_period_seconds' to be non-negative`,
  ),
];
