// Task groups on the default executor.
import type { ExecutorInfo, Offer, TaskStatus } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { expectEqual, expectFields, expectTrue } from '../expect.js';
import { on, type Framework } from '../framework.js';
import { scalar, task, type TaskDraft } from '../tasks.js';

const executorSource = 'src/launcher/default_executor.cpp';
const validate = 'src/master/validation.cpp, task::group::validate';

const executor = (framework: Framework, id = 'pod'): ExecutorInfo => ({
  type: 'DEFAULT',
  executor_id: { value: id },
  framework_id: { value: framework.id },
  resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 8)],
});

const launchGroup = async (
  framework: Framework,
  tasks: readonly TaskDraft[],
  given?: Offer,
  info = executor(framework),
): Promise<Offer> => {
  const offer = given ?? (await framework.offer());
  const task_infos = tasks.map((one) => on(offer, one));
  await framework.accept([offer], [{ type: 'LAUNCH_GROUP', launch_group: { executor: info, task_group: { tasks: task_infos } } }]);
  return offer;
};

const running = async (framework: Framework, ...ids: readonly string[]): Promise<void> => {
  for (const id of ids) await framework.status(id, 'TASK_RUNNING');
};

const parentOf = ({ container_status }: TaskStatus): unknown => container_status?.container_id?.parent?.value;

const refused = (name: string, launch: (framework: Framework, offer: Offer) => Promise<unknown>, message: RegExp): ConformanceCase => ({
  name: `${name}: all tasks of the group get TASK_ERROR`,
  source: validate,
  run: async (context) => {
    const framework = await context.framework();
    await launch(framework, await framework.offer());
    for (const id of ['one', 'two']) {
      const status = await framework.status(id, () => true);
      expectFields(id, status, { state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', source: 'SOURCE_MASTER', uuid: undefined });
      expectTrue(`the message of ${id}`, message.test(status.message ?? ''), status.message);
    }
  },
});

export const taskGroupCases: readonly ConformanceCase[] = [
  {
    name: 'the tasks of a group run in containers of one executor, and end each by itself',
    source: `${executorSource}; docs/nested-container-and-task-group.md`,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await launchGroup(framework, [task('one', 'sleep 0.4'), task('two', 'sleep 0.4')]);
      const ends = [await framework.end('one'), await framework.end('two')];
      for (const end of ends) {
        const wanted = { state: 'TASK_FINISHED', message: 'Command exited with status 0', source: 'SOURCE_EXECUTOR' };
        expectFields(end.task_id.value, end, { ...wanted, executor_id: { value: 'pod' } });
      }
      expectEqual('the states', framework.states('one'), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
      const [first, second] = ['one', 'two'].map((id) => framework.statuses(id)[1]);
      expectTrue('they have one parent', first !== undefined && second !== undefined && parentOf(first) === parentOf(second));
      expectTrue('there is a parent', first !== undefined && typeof parentOf(first) === 'string');
    },
  },
  {
    name: 'FAILURE tells that an executor has ended',
    source: 'src/master/master.cpp, Master::exitedExecutor',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launchGroup(framework, [task('one')]);
      const failure = await framework.until('FAILURE', (events) => events.find(({ type }) => type === 'FAILURE')?.failure);
      expectEqual('it', failure, { agent_id: offer.agent_id, executor_id: { value: 'pod' }, status: 0 });
    },
  },
  {
    name: 'a task of a group that fails takes the others along',
    source: `${executorSource}, waited: "the entire task group"`,
    run: async (context) => {
      const framework = await context.framework();
      await launchGroup(framework, [task('one', 'sleep 0.5; exit 3'), task('two', 'sleep 60')]);
      const [one, two] = [await framework.end('one'), await framework.end('two')];
      expectEqual(
        'the one that failed',
        { state: one.state, message: one.message },
        { state: 'TASK_FAILED', message: 'Command exited with status 3' },
      );
      expectEqual('the other', two.state, 'TASK_KILLED');
    },
  },
  {
    name: 'a task of a group that finishes leaves the others alone',
    source: `${executorSource}, waited`,
    run: async (context) => {
      const framework = await context.framework();
      await launchGroup(framework, [task('one'), task('two', 'sleep 60')]);
      expectEqual('the one', (await framework.end('one')).state, 'TASK_FINISHED');
      await running(framework, 'two');
      await context.wait(500);
      expectEqual('the other', (await framework.reconcile('two')).state, 'TASK_RUNNING');
    },
  },
  {
    name: 'KILL of one task of a group kills the group',
    source: `${executorSource}, waited: the default restart policy`,
    run: async (context) => {
      const framework = await context.framework();
      await launchGroup(framework, [task('one', 'sleep 60'), task('two', 'sleep 60')]);
      await running(framework, 'one', 'two');
      await framework.send({ type: 'KILL', kill: { task_id: { value: 'one' } } });
      for (const id of ['one', 'two']) expectEqual(id, (await framework.end(id)).state, 'TASK_KILLED');
    },
  },
  {
    name: 'SHUTDOWN of an executor kills its tasks',
    source: `${executorSource}, shutdown; src/slave/slave.cpp, Slave::shutdownExecutor`,
    run: async (context) => {
      const framework = await context.framework();
      const { agent_id } = await launchGroup(framework, [task('one', 'sleep 60')]);
      await running(framework, 'one');
      await framework.send({ type: 'SHUTDOWN', shutdown: { executor_id: { value: 'pod' }, agent_id } });
      await framework.end('one');
      await framework.until('FAILURE', (events) => events.find(({ failure }) => failure?.executor_id?.value === 'pod'));
    },
  },
  {
    name: 'a second group goes to the executor that is there',
    source: 'src/slave/slave.cpp, Slave::run: "launchExecutor"',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launchGroup(framework, [task('one', 'sleep 60')]);
      await running(framework, 'one');
      const next = await framework.offer(({ agent_id }) => agent_id.value === offer.agent_id.value);
      expectEqual('executor_ids of the offer', next.executor_ids, [{ value: 'pod' }]);
      await launchGroup(framework, [task('two', 'sleep 60')], next);
      await running(framework, 'two');
      const [one, two] = ['one', 'two'].map((id) => framework.statuses(id)[0]);
      expectTrue('they have one parent', one !== undefined && two !== undefined && parentOf(one) === parentOf(two));
    },
  },
  {
    name: 'MESSAGE to an executor is taken (202)',
    source: 'src/master/master.cpp, Master::message',
    run: async (context) => {
      const framework = await context.framework();
      const message = { agent_id: { value: 'nowhere' }, executor_id: { value: 'nobody' }, data: Buffer.from('x').toString('base64') };
      await framework.send({ type: 'MESSAGE', message });
    },
  },
  refused(
    'a group with an invalid task',
    (framework, offer) => launchGroup(framework, [task('one'), task('two', 'true', { resources: [] })], offer),
    /^Task 'two' is invalid: Task uses no resources$/,
  ),
  refused(
    'a group that is more than was offered',
    (framework, offer) => {
      const much = { resources: [scalar('cpus', 1_000_000), scalar('mem', 32)] };
      return launchGroup(framework, [task('one', 'true', much), task('two')], offer);
    },
    /more than available/,
  ),
  refused(
    'a default executor with a command',
    (framework, offer) => launchGroup(framework, [task('one'), task('two')], offer, { ...executor(framework), command: { value: 'true' } }),
    /^'ExecutorInfo.command' must not be set for 'DEFAULT' executor$/,
  ),
];
