// A task's statuses on their way to the framework: what they say, in which order, and until when.
import { randomUUID } from 'node:crypto';
import type { TaskStatus } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { capabilities } from '../case-context.js';
import { expectEqual, expectFields, expectMatch, expectTrue } from '../expect.js';
import { task } from '../tasks.js';

const executor = 'src/launcher/executor.cpp';
const manager = 'src/status_update_manager/status_update_manager_process.hpp';
const RETRY_MS = 10_000;

const uuidBytes = ({ uuid }: TaskStatus): number => Buffer.from(uuid ?? '', 'base64').length;

const ends = (name: string, command: string, state: string, message: string | RegExp, source = executor): ConformanceCase => ({
  name,
  source,
  run: async (context) => {
    const status = await (await context.framework()).run(task('t', command));
    expectFields('the status', status, { state, source: 'SOURCE_EXECUTOR', reason: undefined });
    if (typeof message === 'string') expectEqual('the message', status.message, message);
    else expectMatch('the message', status.message, message);
  },
});

export const statusCases: readonly ConformanceCase[] = [
  {
    name: 'a command that succeeds: STARTING, RUNNING, FINISHED',
    source: `${executor}; src/slave/slave.cpp, Slave::statusUpdate`,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t')]);
      const end = await framework.end('t');
      expectEqual('the states', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
      expectEqual('the message', end.message, 'Command exited with status 0');
      const statuses = framework.statuses('t');
      const containers = new Set(statuses.map(({ container_status }) => container_status?.container_id?.value));
      expectTrue('one container', containers.size === 1 && !containers.has(undefined), [...containers]);
      expectEqual('as many uuids', new Set(statuses.map(({ uuid }) => uuid)).size, 3);
      for (const status of statuses) {
        const wanted = { source: 'SOURCE_EXECUTOR', agent_id: offer.agent_id, executor_id: { value: 't' } };
        expectFields(status.state, status, wanted);
        expectEqual(`the uuid of ${status.state}`, uuidBytes(status), 16);
        expectTrue(`the time of ${status.state}`, (status.timestamp ?? 0) > 1.4e9, status.timestamp);
      }
    },
  },
  ends('a command that fails: TASK_FAILED with its exit status', 'exit 3', 'TASK_FAILED', 'Command exited with status 3'),
  ends('a command that is not there: TASK_FAILED, 127', 'no-such-command-anywhere', 'TASK_FAILED', 'Command exited with status 127'),
  ends(
    'a command that a signal ends: TASK_FAILED with the signal',
    'kill -9 $$',
    'TASK_FAILED',
    /^Command terminated with signal Killed/,
    `${executor}; src/common/status_utils.hpp, WSTRINGIFY`,
  ),
  {
    name: 'the next status comes only when the one before is acknowledged',
    source: manager,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework({ acknowledges: false });
      await framework.launch([task('t')]);
      const starting = await framework.status('t', 'TASK_STARTING');
      await context.wait(1000);
      expectEqual('the states so far', framework.states('t'), ['TASK_STARTING']);
      await framework.acknowledge(starting);
      const running = await framework.status('t', 'TASK_RUNNING');
      expectEqual('the states so far', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING']);
      await framework.acknowledge(running);
      await framework.status('t', 'TASK_FINISHED');
    },
  },
  {
    name: 'a status that is not acknowledged comes again after 10 seconds, with its uuid; the state behind it shows in /tasks alone',
    source: 'src/slave/constants.hpp, STATUS_UPDATE_RETRY_INTERVAL_MIN; src/master/master.cpp, Master::updateTask: latest_state',
    run: async (context) => {
      const framework = await context.framework({ acknowledges: false });
      await framework.launch([task('t')]);
      const first = await framework.status('t', 'TASK_STARTING');
      const startedAt = Date.now();
      const again = await framework.until('the same again', () => framework.statuses('t')[1], RETRY_MS + context.patienceMs);
      expectFields('it', again, { state: 'TASK_STARTING', uuid: first.uuid });
      expectTrue('after 10 s', Date.now() - startedAt > RETRY_MS - 1000, Date.now() - startedAt);
      await context.eventually('its end in /tasks', async () => {
        const { tasks } = await context.getJson<{ tasks: { id: string; framework_id: string; state: string }[] }>('/tasks');
        return tasks.find(({ framework_id, state }) => framework_id === framework.id && state === 'TASK_FINISHED');
      });
      expectEqual('its reconciliation', (await framework.reconcile('t')).state, 'TASK_STARTING');
    },
  },
  {
    name: 'a second acknowledgement of the same status does no harm',
    source: `${manager}, acknowledgement: "Unexpected … acknowledgement"`,
    run: async (context) => {
      const framework = await context.framework({ acknowledges: false });
      await framework.launch([task('t')]);
      const starting = await framework.status('t', 'TASK_STARTING');
      await framework.acknowledge(starting);
      const running = await framework.status('t', 'TASK_RUNNING');
      await framework.acknowledge(starting);
      await context.wait(700);
      expectEqual('the states', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING']);
      await framework.acknowledge(running);
      await framework.status('t', 'TASK_FINISHED');
    },
  },
  {
    name: 'an acknowledgement with another uuid acknowledges nothing',
    source: manager,
    run: async (context) => {
      const framework = await context.framework({ acknowledges: false });
      await framework.launch([task('t')]);
      const starting = await framework.status('t', 'TASK_STARTING');
      await framework.acknowledge({ ...starting, uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64') });
      await context.wait(700);
      expectEqual('the states', framework.states('t'), ['TASK_STARTING']);
      await framework.acknowledge(starting);
      await framework.status('t', 'TASK_RUNNING');
    },
  },
  {
    name: 'an ended task stays until its end is acknowledged',
    source: 'src/master/master.cpp, Master::acknowledge: removeTask',
    run: async (context) => {
      const framework = await context.framework({ acknowledges: false });
      const offer = await framework.launch([task('t')]);
      for (const state of ['TASK_STARTING', 'TASK_RUNNING'] as const) await framework.acknowledge(await framework.status('t', state));
      const finished = await framework.status('t', 'TASK_FINISHED');
      expectEqual('before', (await framework.reconcile('t', offer.agent_id.value)).state, 'TASK_FINISHED');
      await framework.acknowledge(finished);
      expectEqual('after', (await framework.reconcile('t', offer.agent_id.value)).state, 'TASK_GONE');
    },
  },
  {
    name: 'a task id can be used again after the end of the task is acknowledged',
    source: 'src/master/validation.cpp, task::validateUniqueTaskID',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t')]);
      await framework.status('t', 'TASK_FINISHED');
      await context.eventually('its removal', async () =>
        (await framework.reconcile('t', offer.agent_id.value)).state === 'TASK_GONE' ? true : undefined,
      );
      const seen = framework.statuses('t').length;
      await framework.launch([task('t')]);
      await framework.until('the second end', () =>
        framework
          .statuses('t')
          .slice(seen)
          .find(({ state }) => state === 'TASK_FINISHED'),
      );
    },
  },
  {
    name: 'a framework without TASK_KILLING_STATE is not told of KILLING',
    source: `${executor}, kill: protobuf::frameworkHasCapability TASK_KILLING_STATE`,
    run: async (context) => {
      const info = { capabilities: capabilities('MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT') };
      const framework = await context.framework({ info });
      await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      await framework.send({ type: 'KILL', kill: { task_id: { value: 't' } } });
      await framework.end('t');
      expectEqual('the states', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']);
    },
  },
];
