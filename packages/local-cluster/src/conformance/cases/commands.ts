// What a command task finds when it runs: sandbox, environment, user, fetched files. Each task judges by itself, with `test`.
import type { CommandInfo, TaskInfo } from '../../generated/protocol.js';
import type { ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, expectMatch, notRun } from '../expect.js';
import type { Framework } from '../framework.js';
import { task } from '../tasks.js';

const environment = 'src/slave/slave.cpp, executorEnvironment';
const fetcher = 'src/launcher/fetcher.cpp';

/** Fails the case unless the command ends with 0. */
const expectHolds = async (framework: Framework, command: string | CommandInfo, overrides: Partial<TaskInfo> = {}): Promise<void> => {
  const { state, message } = await framework.run(task('t', command, overrides));
  const what = typeof command === 'string' ? command : (command.value ?? '');
  expectEqual(what, { state, message }, { state: 'TASK_FINISHED', message: 'Command exited with status 0' });
};

const holds = (name: string, command: string | CommandInfo, source: string, since?: string): ConformanceCase => ({
  name,
  source,
  ...(since === undefined ? {} : { since }),
  run: async (context) => expectHolds(await context.framework(), command),
});

const FILE = 'file:///etc/passwd';

const withUri = (command: string, uri: CommandInfo.URI): CommandInfo => ({ value: command, uris: [uri] });

/** Where a task may leave something for the next one on the same agent. */
const shared = (context: CaseContext): string => `/tmp/mesos-conformance-${process.pid}-${context.facts.masterId}`;

export const commandCases: readonly ConformanceCase[] = [
  {
    name: 'a command finds in its environment what belongs to it',
    source: environment,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const tests = [
        `[ "$MESOS_FRAMEWORK_ID" = '${framework.id}' ]`,
        `[ "$MESOS_EXECUTOR_ID" = t ]`,
        `[ "$MESOS_SLAVE_ID" = '${offer.agent_id.value}' ]`,
        `[ "$MESOS_CHECKPOINT" = 1 ]`,
        `[ -n "$MESOS_AGENT_ENDPOINT" ]`,
        `[ -n "$MESOS_SLAVE_PID" ]`,
        `[ -n "$MESOS_RECOVERY_TIMEOUT" ]`,
        `[ -n "$MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD" ]`,
      ];
      // The exit status tells which does not hold.
      const command = tests.map((test, index) => `${test} || exit ${index + 1}`).join('; ');
      const { message } = await framework.run(task('t', command), offer);
      const failed = tests[Number(/status (\d+)/.exec(message ?? '')?.[1] ?? 0) - 1];
      expectEqual(`the command (${failed ?? 'all hold'})`, message, 'Command exited with status 0');
    },
  },
  {
    name: 'a framework without checkpoint: MESOS_CHECKPOINT is 0, no recovery timeout',
    source: environment,
    run: async (context) => {
      const framework = await context.framework({ info: { checkpoint: false } });
      await expectHolds(framework, `[ "$MESOS_CHECKPOINT" = 0 ] && [ -z "$MESOS_RECOVERY_TIMEOUT" ]`);
    },
  },
  holds(
    'a command starts in its sandbox, with stdout and stderr beside it',
    'touch here && [ "$PWD" = "$MESOS_SANDBOX" ] && [ -f stdout ] && [ -f stderr ] && [ -f "$MESOS_SANDBOX/here" ]',
    'docs/sandbox.md',
  ),
  holds(
    'the variables of the command are set, and win over those of the agent',
    {
      value: '[ "$COLOUR" = "deep blue" ] && [ "$MESOS_EXECUTOR_ID" = mine ]',
      environment: {
        variables: [
          { name: 'COLOUR', value: 'deep blue' },
          { name: 'MESOS_EXECUTOR_ID', value: 'mine' },
        ],
      },
    },
    'src/launcher/executor.cpp, CommandExecutor::launch: "The priority of the environment"',
  ),
  holds(
    'MESOS_ALLOCATION_ROLE is the role of the offer',
    `[ "$MESOS_ALLOCATION_ROLE" = '*' ]`,
    'src/launcher/executor.cpp, CommandExecutor::launch',
    '1.9',
  ),
  holds(
    'shell: the command is for sh',
    'a=$(printf "%s" x y) && [ "$a" = xy ] && [ -n "$$" ]',
    'include/mesos/v1/mesos.proto, CommandInfo',
  ),
  holds(
    'no shell: the program gets its arguments as they are, argv[0] too',
    { shell: false, value: '/bin/sh', arguments: ['sh', '-c', '[ "$0" = "a b" ] && [ "$1" = "*" ]', 'a b', '*'] },
    'include/mesos/v1/mesos.proto, CommandInfo',
  ),
  holds('the standard input is empty', '[ -z "$(cat)" ]', 'src/slave/containerizer/mesos/launch.cpp; 3rdparty/libprocess, subprocess'),
  holds(
    'a URI is fetched into the sandbox under the last part of its path',
    withUri('[ -s passwd ] && grep -q root passwd', { value: FILE, extract: false }),
    fetcher,
  ),
  holds('output_file says where', withUri('[ -s inner/users ]', { value: FILE, output_file: 'inner/users', extract: false }), fetcher),
  holds('executable makes the file so', withUri('[ -x passwd ]', { value: FILE, executable: true }), fetcher),
  holds('without executable it is not', withUri('[ -f passwd ] && [ ! -x passwd ]', { value: FILE, extract: false }), fetcher),
  {
    name: 'a URI that can not be fetched: TASK_FAILED, REASON_CONTAINER_LAUNCH_FAILED',
    source: `${fetcher}; src/slave/slave.cpp, Slave::executorLaunched`,
    run: async (context) => {
      const framework = await context.framework();
      const status = await framework.run(task('t', withUri('true', { value: 'file:///no/such/file', extract: false })));
      expectFields('the status', status, { state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', source: 'SOURCE_AGENT' });
      expectMatch('the message', status.message, /^Failed to launch container: Failed to fetch all URIs for container/);
    },
  },
  {
    name: 'an archive is unpacked into the sandbox, unless extract is false',
    source: `${fetcher}, extract`,
    run: async (context) => {
      const framework = await context.framework();
      const archive = `${shared(context)}.tgz`;
      const make = `mkdir d && echo content > d/f && chmod 755 d/f && tar -czf ${archive} d`;
      const offer = await framework.offer();
      const onAgent = (id: string, command: string | CommandInfo) =>
        framework
          .expectOffer(id, ({ agent_id }) => agent_id.value === offer.agent_id.value)
          .then((next) => framework.run(task(id, command), next));
      if ((await framework.run(task('make', make), offer)).state !== 'TASK_FINISHED') return notRun('the agent has no tar');
      const name = archive.slice(archive.lastIndexOf('/') + 1);
      const unpacked = await onAgent('unpacked', withUri('[ "$(cat d/f)" = content ] && [ -x d/f ]', { value: `file://${archive}` }));
      const kept = await onAgent('kept', withUri(`[ ! -e d ] && [ -s ${name} ]`, { value: archive, extract: false }));
      await onAgent('clean', `rm -f ${archive}`);
      expectEqual('unpacked', unpacked.message, 'Command exited with status 0');
      expectEqual('kept', kept.message, 'Command exited with status 0');
    },
  },
  {
    name: 'a command runs as the user that it names',
    source: 'include/mesos/v1/mesos.proto, CommandInfo.user; docs/configuration/agent.md, --switch_user',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const first = await framework.run(task('first', '[ "$(id -u)" = 0 ] && id nobody'), offer);
      if (first.state !== 'TASK_FINISHED') return notRun('tasks do not run as root on this cluster');
      const { flags } = await context.askAgent<{ flags?: { switch_user?: string } }>(offer, '/state');
      if (flags?.switch_user === 'false') return notRun('the agent has --no-switch_user');
      const { state } = await framework.run(task('second', { value: '[ "$(id -un)" = nobody ] && touch here', user: 'nobody' }));
      expectEqual('the state', state, 'TASK_FINISHED');
    },
  },
  {
    name: 'tasks of one framework have sandboxes of their own',
    source: 'docs/sandbox.md',
    run: async (context) => {
      const framework = await context.framework();
      await framework.run(task('one', 'touch mark'));
      const { state } = await framework.run(task('two', '[ ! -e mark ]'));
      expectEqual('the state', state, 'TASK_FINISHED');
    },
  },
];
