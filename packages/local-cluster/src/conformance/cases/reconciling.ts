// RECONCILE: what the master answers for each kind of task.
import type { TaskStatus } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { capabilities } from '../case-context.js';
import { expectEqual, expectFields, expectTrue, notRun } from '../expect.js';
import { task } from '../tasks.js';

const source = 'src/master/master.cpp, Master::reconcile';

const expectAnswer = (status: TaskStatus, state: string, message: string, agentId?: string): void =>
  expectFields('the status', status, {
    state,
    message,
    source: 'SOURCE_MASTER',
    reason: 'REASON_RECONCILIATION',
    uuid: undefined,
    agent_id: agentId === undefined ? undefined : { value: agentId },
  });

export const reconcilingCases: readonly ConformanceCase[] = [
  {
    name: 'reconciliation of a running task: its state, without uuid',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t', 'sleep 60')]);
      const running = await framework.status('t', 'TASK_RUNNING');
      const status = await framework.reconcile('t');
      expectAnswer(status, 'TASK_RUNNING', 'Reconciliation: Latest task state', offer.agent_id.value);
      expectEqual('its container', status.container_status?.container_id, running.container_status?.container_id);
    },
  },
  {
    name: 'reconciliation of a task that the agent does not know: TASK_GONE',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const agentId = context.facts.agents[0]?.id ?? notRun('the cluster has no agent');
      const status = await (await context.framework()).reconcile('unheard-of', agentId);
      expectAnswer(status, 'TASK_GONE', 'Reconciliation: Task is unknown to the agent', agentId);
    },
  },
  {
    name: 'reconciliation of an unknown task without agent: TASK_UNKNOWN',
    source,
    run: async (context) => {
      const status = await (await context.framework()).reconcile('unheard-of');
      expectAnswer(status, 'TASK_UNKNOWN', 'Reconciliation: Task is unknown');
    },
  },
  {
    name: 'reconciliation of a task on an unknown agent: TASK_UNKNOWN',
    source,
    run: async (context) => {
      const status = await (await context.framework()).reconcile('unheard-of', 'no-such-agent');
      expectAnswer(status, 'TASK_UNKNOWN', 'Reconciliation: Task is unknown', 'no-such-agent');
    },
  },
  {
    name: 'a framework without PARTITION_AWARE gets TASK_LOST for unknown tasks',
    source,
    run: async (context) => {
      const agentId = context.facts.agents[0]?.id ?? notRun('the cluster has no agent');
      const info = { capabilities: capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT') };
      const framework = await context.framework({ info });
      expectEqual('without agent', (await framework.reconcile('one')).state, 'TASK_LOST');
      expectEqual('with agent', (await framework.reconcile('two', agentId)).state, 'TASK_LOST');
    },
  },
  {
    name: 'reconciliation of nothing in particular tells of all tasks that live',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('one', 'sleep 60'), task('two', 'sleep 60')]);
      for (const id of ['one', 'two']) await framework.status(id, 'TASK_RUNNING');
      await framework.send({ type: 'RECONCILE', reconcile: { tasks: [] } });
      for (const id of ['one', 'two'])
        await framework.status(id, ({ state, reason }) => state === 'TASK_RUNNING' && reason === 'REASON_RECONCILIATION');
    },
  },
  {
    name: 'reconciliation of nothing in particular without tasks tells nothing',
    source,
    run: async (context) => {
      const framework = await context.framework();
      await framework.send({ type: 'RECONCILE', reconcile: { tasks: [] } });
      await framework.fence();
      const updates = framework.events.filter(({ update }) => update !== undefined && !update.status.task_id.value.startsWith('fence'));
      expectEqual('the updates', updates, []);
    },
  },
  {
    name: 'reconciliation of several tasks answers each',
    source,
    run: async (context) => {
      const framework = await context.framework();
      const tasks = ['one', 'two', 'three'].map((value) => ({ task_id: { value } }));
      await framework.send({ type: 'RECONCILE', reconcile: { tasks } });
      for (const { task_id } of tasks) await framework.status(task_id.value, 'TASK_UNKNOWN');
    },
  },
  {
    name: `another framework's task is unknown`,
    source: `${source}: framework->tasks`,
    run: async (context) => {
      const owner = await context.framework();
      const offer = await owner.launch([task('t', 'sleep 60')]);
      await owner.status('t', 'TASK_RUNNING');
      const status = await (await context.framework()).reconcile('t', offer.agent_id.value);
      expectEqual('the state', status.state, 'TASK_GONE');
    },
  },
  {
    name: 'reconciliation with the wrong agent still finds the task',
    source: `${source}: the task is looked up by its id first`,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      const status = await framework.reconcile('t', 'no-such-agent');
      expectTrue('it runs where it runs', status.state === 'TASK_RUNNING' && status.agent_id?.value === offer.agent_id.value, status);
    },
  },
];
