// Tasks that the master does not launch: TASK_ERROR, REASON_TASK_INVALID.
import type { TaskInfo, TaskStatus } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { expectEqual, expectFields, expectMatch } from '../expect.js';
import { on } from '../framework.js';
import { ranges, scalar, task, CPUS, MEM, type TaskDraft } from '../tasks.js';

const source = 'src/master/validation.cpp, task::validate';

const expectRefused = (status: TaskStatus, agentId: string, message: string | RegExp): void => {
  expectFields('the status', status, {
    state: 'TASK_ERROR',
    source: 'SOURCE_MASTER',
    reason: 'REASON_TASK_INVALID',
    agent_id: { value: agentId },
    uuid: undefined,
    executor_id: undefined,
  });
  if (typeof message === 'string') expectEqual('the message', status.message, message);
  else expectMatch('the message', status.message, message);
};

const refused = (name: string, draft: TaskDraft, message: string | RegExp, more: Partial<ConformanceCase> = {}): ConformanceCase => ({
  name: `${name}: TASK_ERROR`,
  source,
  run: async (context) => {
    const framework = await context.framework();
    const offer = await framework.offer();
    await framework.launch([draft], offer);
    expectRefused(await framework.status(draft.task_id.value, () => true), offer.agent_id.value, message);
  },
  ...more,
});

const ids = 'src/common/validation.cpp, validateID';
const noCommand = ({ command: _, ...rest }: TaskDraft): TaskDraft => rest;
const NEGATIVE = { nanoseconds: -1 };
const LONG = 'x'.repeat(256);
const variable = (name: string, more: object): Partial<TaskInfo> => ({
  command: { value: 'true', environment: { variables: [{ name, ...more }] } },
});

export const taskRefusedCases: readonly ConformanceCase[] = [
  refused('a task id with a slash', task('bad/id'), `'bad/id' contains invalid characters`, { source: ids, encodings: bothEncodings }),
  refused('a task id with a control character', task('bad\u0007id'), `'bad\u0007id' contains invalid characters`, { source: ids }),
  refused('an empty task id', task(''), 'ID must not be empty', { source: ids }),
  refused('a task id of 256 characters', task(LONG), 'ID must not be greater than 255 characters', { source: ids }),
  refused('the task id ..', task('..'), `'..' is disallowed`, { source: ids }),
  refused('a task without resources', task('t', 'true', { resources: [] }), 'Task uses no resources'),
  refused(
    'a task with neither command nor executor',
    noCommand(task('t')),
    'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
  ),
  refused(
    'a task with command and executor',
    task('t', 'true', { executor: { executor_id: { value: 'x' }, command: { value: 'true' } } }),
    'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
  ),
  refused(
    'a kill policy with a negative grace period',
    task('t', 'true', { kill_policy: { grace_period: NEGATIVE } }),
    `Task's 'kill_policy.grace_period' must be non-negative`,
  ),
  refused(
    'a negative max_completion_time',
    task('t', 'true', { max_completion_time: NEGATIVE }),
    "Task's `max_completion_time` must be non-negative",
    {
      since: '1.8',
    },
  ),
  refused(
    'an environment variable without value',
    task('t', 'true', variable('A', {})),
    "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'VALUE' must have a value set",
    { source: 'src/common/validation.cpp, validateEnvironment' },
  ),
  refused(
    'a secret environment variable without secret',
    task('t', 'true', variable('A', { type: 'SECRET' })),
    "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'SECRET' must have a secret set",
    { source: 'src/common/validation.cpp, validateEnvironment' },
  ),
  refused(
    'a cpu limit below the request',
    task('t', 'true', { limits: { cpus: { value: CPUS / 2 } } }),
    'The cpu limit must be greater than or equal to the cpu request',
    { since: '1.10', source: 'src/master/validation.cpp, task::validateResourceLimits' },
  ),
  refused(
    'a limit of something else than cpus and mem',
    task('t', 'true', { limits: { disk: { value: 1 } } }),
    `Only cpus and mem may be included in a task's resource limits`,
    { since: '1.10', source: 'src/master/validation.cpp, task::validateResourceLimits' },
  ),
  refused(
    'share_cgroups false outside of a task group',
    task('t', 'true', { container: { type: 'MESOS', linux_info: { share_cgroups: false } } }),
    `Only tasks in a task group may have 'share_cgroups' set to 'false'`,
    { since: '1.10', source: 'src/master/validation.cpp, task::validateShareCgroups' },
  ),
  refused(
    'more than was offered',
    task('t', 'true', { resources: [scalar('cpus', 1_000_000), scalar('mem', MEM)] }),
    /^Total resources cpus\(allocated: \*\):1(000000|e\+06); mem\(allocated: \*\):32 required by task and its executor is more than available .*cpus\(allocated: \*\):/,
    { encodings: bothEncodings, source: 'src/master/validation.cpp, task::validateExecutor' },
  ),
  refused(
    'ports that were not offered',
    task('t', 'true', { resources: [scalar('cpus', CPUS), scalar('mem', MEM), ranges('ports', [1, 1])] }),
    /^Total resources .*ports\(allocated: \*\):\[1-1\].* required by task and its executor is more than available /,
    { source: 'src/master/validation.cpp, task::validateExecutor' },
  ),
  {
    name: 'an id that a task has already: TASK_ERROR, and the other goes on',
    source: 'src/master/validation.cpp, task::validateUniqueTaskID',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      await framework.launch([task('t', 'sleep 60'), task('t', 'sleep 60')], offer);
      expectRefused(await framework.status('t', 'TASK_ERROR'), offer.agent_id.value, 'Task has duplicate ID: t');
      await framework.status('t', 'TASK_RUNNING');
    },
  },
  {
    name: 'a task for another agent than the offer is of: TASK_ERROR',
    source: 'src/master/validation.cpp, task::validateSlaveID',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const elsewhere = { ...task('t'), agent_id: { value: 'elsewhere' } };
      await framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: [elsewhere] } }]);
      const message = `Task uses invalid agent elsewhere while agent ${offer.agent_id.value} is expected`;
      expectRefused(await framework.status('t', () => true), 'elsewhere', message);
    },
  },
  {
    name: 'a task that is too much beside the one before it: TASK_ERROR',
    source: 'src/master/master.cpp, Master::_accept: _offeredResources',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const { name, type, scalar: all } = (offer.resources ?? []).find((each) => each.name === 'mem') ?? {};
      if (name === undefined || type === undefined || all === undefined) return;
      const whole = { resources: [scalar('cpus', CPUS), scalar('mem', all.value)] };
      await framework.launch([task('first', 'sleep 60', whole), task('second', 'true', whole)], offer);
      expectMatch('the message', (await framework.status('second', () => true)).message, /is more than available/);
      await framework.status('first', 'TASK_RUNNING');
    },
  },
  {
    name: 'an invalid resource makes all tasks of its LAUNCH invalid',
    source: 'src/master/master.cpp, Master::accept: Resources::validate of each operation',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const bad = on(offer, task('bad', 'true', { resources: [scalar('cpus', -1), scalar('mem', MEM)] }));
      await framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: [on(offer, task('good')), bad] } }]);
      for (const id of ['good', 'bad']) {
        const status = await framework.status(id, () => true);
        expectFields(`the status of ${id}`, status, { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' });
        expectMatch('the message', status.message, /is invalid: Invalid scalar resource: value <= 0$/);
      }
    },
  },
  {
    name: 'an operation id on LAUNCH: TASK_ERROR',
    source: 'src/master/master.cpp, Master::accept',
    since: '1.6',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const launch = { task_infos: [on(offer, task('t'))] };
      await framework.accept([offer], [{ type: 'LAUNCH', id: { value: 'operation' }, launch }]);
      const message = 'The `id` field cannot be set on LAUNCH operations';
      expectRefused(await framework.status('t', () => true), offer.agent_id.value, message);
    },
  },
];
