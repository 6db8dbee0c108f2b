import { describe, expect, it } from 'vitest';
import type { ExecutorInfo, Offer, Resource, TaskInfo, TaskStatus } from '../../../generated/protocol.js';
import { formatResources } from '../../../resources/resources.js';
import { executorExited } from '../agents/executors.js';
import { task, TestMaster } from '../testing/master.js';

const amount = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });

const started = (resources = 'cpus:4;mem:4096;disk:100') => {
  const master = new TestMaster();
  const agentId = master.agent('h', resources);
  const frameworkId = master.framework('f');
  const agent = master.state.agents.get(agentId);
  if (agent === undefined) throw new Error('no agent');
  const executor: ExecutorInfo = {
    type: 'DEFAULT',
    executor_id: { value: 'pod' },
    framework_id: { value: frameworkId },
    resources: [amount('cpus', 0.1), amount('mem', 32), amount('disk', 10)],
  };
  return { master, agent, agentId, frameworkId, executor };
};

const accept = (master: TestMaster, ...operations: Offer.Operation[]): void => {
  const offer_ids = master.open('f').map(({ id }) => id);
  master.call('f', { type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds: 0 } } });
};

const group = (executor: ExecutorInfo, ...tasks: TaskInfo[]): Offer.Operation => ({
  type: 'LAUNCH_GROUP',
  launch_group: { executor, task_group: { tasks } },
});

const updates = (master: TestMaster): TaskStatus[] =>
  (master.events.get('f') ?? []).flatMap(({ update }) => (update ? [update.status] : []));

describe('LAUNCH_GROUP', () => {
  it('takes the executor and its tasks from the offer, and tells the agent once', () => {
    const { master, agent, agentId, executor } = started();
    accept(master, group(executor, task('a', agentId, 1), task('b', agentId, 1)));
    expect(updates(master)).toEqual([]);
    const messages = master.messages.filter(({ message }) => message.type === 'run-task-group');
    expect(messages).toHaveLength(1);
    expect(messages[0]?.message).toMatchObject({
      executor: { executor_id: { value: 'pod' } },
      role: '*',
      tasks: [
        { task_id: { value: 'a' }, executor: { executor_id: { value: 'pod' } } },
        { task_id: { value: 'b' }, executor: { executor_id: { value: 'pod' } } },
      ],
    });
    expect([...agent.executors.values()].map(({ id, resources }) => [id, formatResources(resources)])).toEqual([
      ['pod', 'cpus:0.1; mem:32; disk:10'],
    ]);
    expect(agent.available.find(({ name }) => name === 'cpus')).toMatchObject({ milli: 1900 });
  });

  it('a second group on the same executor takes only its tasks; the executor gives back its own at its end', () => {
    const { master, agent, agentId, frameworkId, executor } = started();
    accept(master, group(executor, task('a', agentId, 1)), group(executor, task('b', agentId, 1)));
    expect(updates(master)).toEqual([]);
    const cpus = () => agent.available.find(({ name }) => name === 'cpus');
    expect(cpus()).toMatchObject({ milli: 1900 });
    master.turn((turn) =>
      executorExited(master.state, { type: 'exited-executor', agentId, frameworkId, executorId: 'pod', status: 0 }, turn),
    );
    expect(agent.executors.size).toBe(0);
    master.declineAll('f');
    expect(cpus()).toMatchObject({ milli: 2000 });
  });

  it('one bad task refuses all', () => {
    const { master, agent, agentId, executor } = started();
    accept(master, group(executor, task('a', agentId, 1), task('b', 'other', 1)));
    const message = `Task 'b' is invalid: Task uses invalid agent other while agent ${agentId} is expected`;
    expect(updates(master).map((status) => [status.task_id.value, status.state, status.reason, status.source, status.message])).toEqual(
      ['a', 'b'].map((id) => [id, 'TASK_ERROR', 'REASON_TASK_GROUP_INVALID', 'SOURCE_MASTER', message]),
    );
    expect(agent.tasks.size + agent.executors.size).toBe(0);
  });

  it('with invalid offers all are dropped', () => {
    const { master, agentId, executor } = started();
    const operations = [group(executor, task('a', agentId, 1), task('b', agentId, 1))];
    master.call('f', { type: 'ACCEPT', accept: { offer_ids: [{ value: 'o' }], operations } });
    expect(updates(master).map(({ state, reason, message }) => [state, reason, message])).toEqual(
      Array.from({ length: 2 }, () => [
        'TASK_DROPPED',
        'REASON_INVALID_OFFERS',
        'Task launched with invalid offers: Offer o is no longer valid',
      ]),
    );
  });

  type Change = { readonly executor?: Partial<ExecutorInfo>; readonly task?: Partial<TaskInfo>; readonly twice?: boolean };
  it.each<[Change, string]>([
    [{ executor: { framework_id: undefined } }, `'ExecutorInfo.framework_id' must be set`],
    [{ executor: { framework_id: { value: 'x' } } }, 'ExecutorInfo has an invalid FrameworkID (Actual: x vs Expected: m-0000)'],
    [{ executor: { type: undefined } }, `'ExecutorInfo.type' must be set`],
    [{ executor: { type: 'UNKNOWN' } }, 'Unknown executor type'],
    [{ executor: { command: { value: 'true' } } }, `'ExecutorInfo.command' must not be set for 'DEFAULT' executor`],
    [{ executor: { type: 'CUSTOM' } }, `'ExecutorInfo.command' must be set for 'CUSTOM' executor`],
    [{ executor: { type: 'CUSTOM', command: { value: 'true' } } }, `The local cluster does not run custom executors; use type 'DEFAULT'`],
    [{ executor: { container: { type: 'DOCKER' } } }, `'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor`],
    [{ executor: { executor_id: { value: 'a/b' } } }, `'a/b' contains invalid characters`],
    [{ executor: { shutdown_grace_period: { nanoseconds: -1 } } }, `ExecutorInfo's 'shutdown_grace_period' must be non-negative`],
    [{ executor: { resources: [] } }, `Executor 'pod' uses less CPUs (None) than the minimum required (0.01)`],
    [{ executor: { resources: [amount('cpus', 0.005)] } }, `Executor 'pod' uses less CPUs (0.005) than the minimum required (0.01)`],
    [{ executor: { resources: [amount('cpus', 1)] } }, `Executor 'pod' uses less memory (None) than the minimum required (32MB)`],
    [
      { executor: { resources: [amount('cpus', 1), amount('mem', 31.9)] } },
      `Executor 'pod' uses less memory (31MB) than the minimum required (32MB)`,
    ],
    [{ executor: { resources: [amount('cpus', 1), amount('mem', 32)] } }, `Executor 'pod' uses no disk`],
    [
      { executor: { resources: [amount('cpus', 4), amount('mem', 32), amount('disk', 1)] } },
      'Total resources cpus(allocated: *):5; mem(allocated: *):64; disk(allocated: *):1 required by task group and its executor are more than available cpus(allocated: *):4; mem(allocated: *):4096; disk(allocated: *):100',
    ],
    [
      { task: { container: { type: 'DOCKER', docker: { image: 'i' } } } },
      `Task 't' is invalid: Docker ContainerInfo is not supported on the task`,
    ],
    [
      { task: { limits: { cpus: { value: 2 } } } },
      `Task 't' is invalid: Resource limits may only be set for tasks within a task group when the 'share_cgroups' field is set to 'false'.`,
    ],
    [
      { task: { container: { type: 'MESOS', network_infos: [{}] }, health_check: { type: 'TCP', tcp: { port: 1 } } } },
      `Task 't' is invalid: HTTP and TCP health checks are not supported for nested containers not joining parent's network`,
    ],
    [
      { task: { executor: { type: 'DEFAULT', executor_id: { value: 'other' } } } },
      `The \`ExecutorInfo\` of task 't' is different from executor 'pod'`,
    ],
    [
      { executor: { container: { type: 'MESOS', linux_info: { share_cgroups: true } } } },
      `The 'share_cgroups' field cannot be set to 'true' on executor containers`,
    ],
    [{ twice: true }, `Task 't' is invalid: Task has duplicate ID: t`],
  ])('%j', (change, message) => {
    const { master, agentId, executor } = started();
    const one = { ...task('t', agentId, 1), ...change.task };
    accept(master, group({ ...executor, ...change.executor }, one, ...(change.twice ? [one] : [])));
    expect(updates(master)[0]).toMatchObject({ state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', message });
  });

  it('overlapping ports of two tasks', () => {
    const { master, agentId, executor } = started('cpus:4;mem:4096;disk:100;ports:[1-10]');
    const port: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } };
    const tasks = ['a', 'b'].map((id) => ({ ...task(id, agentId, 1), resources: [port] }));
    accept(master, group(executor, ...tasks));
    expect(updates(master)[0]?.message).toBe(
      `There are overlapping resources in the task group's task resources [ ports(allocated: *):[1-2], ports(allocated: *):[1-2] ] and/or executor resources cpus(allocated: *):0.1; mem(allocated: *):32; disk(allocated: *):10`,
    );
  });

  it('another executor of the same id, but the same in another order is the same', () => {
    const { master, agentId, executor } = started();
    accept(master, group(executor, task('a', agentId, 0.1)));
    master.cycle(1000);
    accept(master, group({ ...executor, resources: executor.resources?.toReversed() }, task('b', agentId, 0.1)));
    expect(updates(master)).toEqual([]);
    master.cycle(1000);
    accept(master, group({ ...executor, name: 'another' }, task('c', agentId, 0.1)));
    expect(updates(master)[0]?.message).toContain('ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n');
  });

  it(`different 'share_cgroups' under one executor`, () => {
    const { master, agentId, executor } = started();
    accept(master, group(executor, task('a', agentId, 0.1)));
    master.cycle(1000);
    const alone = { ...task('b', agentId, 0.1), container: { type: 'MESOS' as const, linux_info: { share_cgroups: false } } };
    accept(master, group(executor, alone));
    expect(updates(master)[0]?.message).toBe(
      `If set, the value of 'share_cgroups' must be the same for all tasks in each task group and under a single executor`,
    );
  });
});

describe('ACCEPT', () => {
  it('looks at all operations before it does the first', () => {
    const { master, agentId, executor } = started();
    const invalid = { ...task('second', agentId, 1), resources: [amount('cpus', -1)] };
    accept(
      master,
      { type: 'LAUNCH', launch: { task_infos: [task('first', 'other', 1)] } },
      { type: 'LAUNCH', launch: { task_infos: [invalid] } },
      group({ ...executor, resources: [amount('', 1)] }, task('third', agentId, 1)),
    );
    expect(updates(master).map(({ task_id, reason, message }) => [task_id.value, reason, message])).toEqual([
      ['second', 'REASON_TASK_INVALID', `Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0`],
      ['third', 'REASON_TASK_GROUP_INVALID', `Resource ':1' is invalid: Empty resource name`],
      ['first', 'REASON_TASK_INVALID', `Task uses invalid agent other while agent ${agentId} is expected`],
    ]);
  });
});
