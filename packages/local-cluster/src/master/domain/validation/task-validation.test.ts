import { describe, expect, it } from 'vitest';
import type { ExecutorInfo, Resource, TaskInfo } from '../../../generated/protocol.js';
import { task, TestMaster } from '../testing/master.js';

const amount = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...more,
});

/** Why a task like this is refused. */
const refusal = (change: Partial<TaskInfo>): string | undefined => {
  const master = new TestMaster();
  const agentId = master.agent('h', 'cpus:4;mem:4096');
  master.framework('f');
  const [offer] = master.open('f');
  if (offer === undefined) throw new Error('no offer');
  const info = { ...task('t', agentId, 1), ...change };
  master.call('f', { type: 'ACCEPT', accept: { offer_ids: [offer.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [info] } }] } });
  const update = master.events.get('f')?.at(-1)?.update?.status;
  if (update === undefined) return undefined;
  expect(update).toMatchObject({ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', source: 'SOURCE_MASTER' });
  return update.message;
};

const executor = (more: Partial<ExecutorInfo> = {}): Partial<TaskInfo> => ({
  command: undefined,
  executor: { executor_id: { value: 'e' }, command: { value: 'true' }, ...more },
});
const variable = (more: object): Partial<TaskInfo> => ({
  command: { value: 'true', environment: { variables: [{ name: 'V', ...more }] } },
});
const badCommand = (problem: string): string => `Task's \`CommandInfo\` is invalid: Environment variable 'V' ${problem}`;

describe('a task that can be launched', () => {
  it.each<[string, Partial<TaskInfo>]>([
    ['as it is', {}],
    ['with limits', { limits: { cpus: { value: Infinity }, mem: { value: 32.5 } } }],
    ['with checks', { check: { type: 'TCP', tcp: { port: 1 } }, health_check: { http: { port: 1, path: '/' } } }],
    ['with nothing of a resource', { resources: [amount('cpus', 1), amount('mem', 0)] }],
  ])('%s', (_, change) => {
    expect(refusal(change)).toBeUndefined();
  });
});

describe('a task that is refused', () => {
  it.each<[Partial<TaskInfo>, string]>([
    [{ task_id: { value: '' } }, 'ID must not be empty'],
    [{ task_id: { value: 'x'.repeat(256) } }, 'ID must not be greater than 255 characters'],
    [{ task_id: { value: '..' } }, `'..' is disallowed`],
    [{ agent_id: { value: 'a' } }, 'Task uses invalid agent a while agent m-S0 is expected'],
    [{ kill_policy: { grace_period: { nanoseconds: -1 } } }, `Task's 'kill_policy.grace_period' must be non-negative`],
    [{ max_completion_time: { nanoseconds: -1 } }, `Task's \`max_completion_time\` must be non-negative`],
    [{ resources: [] }, 'Task uses no resources'],
    [
      { resources: [amount('gpus', 0.5)] },
      `Task uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer`,
    ],
    [{ resources: [amount('disk', 1, { disk: {} })] }, 'Task uses invalid resources: Invalid DiskInfo: DiskInfo is set but empty'],
    [
      { resources: [amount('disk', 1, { disk: { persistence: { id: 'v' } } })] },
      'Task uses invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
    ],
    [
      { resources: [amount('cpus', 1, { allocation_info: { role: 'a' } }), amount('mem', 1, { allocation_info: { role: 'b' } })] },
      `Invalid task resources: The resources have multiple allocation roles ('b' and 'a') but only one allocation role is allowed`,
    ],
    [{ resources: [amount('cpus', 1, { allocation_info: {} })] }, 'Invalid task resources: The resources are not allocated to a role'],
    [
      { resources: [amount('cpus', 1), amount('cpus', 1, { revocable: {} })] },
      `Task mixes revocable and non-revocable resources: Cannot use both revocable and non-revocable 'cpus' at the same time`,
    ],
    [
      { resources: [amount('cpus', 1, { role: 'team' })] },
      'Total resources cpus(allocated: *)(reservations: [(STATIC,team)]):1 required by task and its executor is more than available cpus(allocated: *):4; mem(allocated: *):4096',
    ],
    [
      { resources: [amount('cpus', 1, { allocation_info: { role: 'a' } })] },
      'Total resources cpus(allocated: a):1 required by task and its executor is more than available cpus(allocated: *):4; mem(allocated: *):4096',
    ],
    [variable({ type: 'VALUE' }), badCommand(`of type 'VALUE' must have a value set`)],
    [variable({ value: 'v', secret: {} }), badCommand(`of type 'VALUE' must not have a secret set`)],
    [variable({ type: 'SECRET' }), badCommand(`of type 'SECRET' must have a secret set`)],
    [
      variable({ type: 'SECRET', secret: { type: 'REFERENCE' } }),
      badCommand(`specifies an invalid secret: Secret of type REFERENCE must have the 'reference' field set`),
    ],
    [
      variable({ type: 'SECRET', secret: { type: 'VALUE', value: { data: 'AA==' } } }),
      badCommand('specifies a secret containing null bytes, which is not allowed in the environment'),
    ],
    [variable({ type: 'UNKNOWN' }), `Task's \`CommandInfo\` is invalid: Environment variable of type 'UNKNOWN' is not allowed`],
    [
      { container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'v' }] } },
      `Task's \`ContainerInfo\` is invalid: Invalid volume: Only one of them should be set: 'host_path', 'image' and 'source'`,
    ],
    [
      { container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'v', source: { type: 'HOST_PATH' } }] } },
      `Task's \`ContainerInfo\` is invalid: Invalid volume: 'source.host_path' is not set for HOST_PATH volume`,
    ],
    [
      { container: { type: 'DOCKER' } },
      `Task's \`ContainerInfo\` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo`,
    ],
    [
      { container: { type: 'DOCKER', docker: { image: 'i', parameters: [{ key: 'name', value: 'n' }] } } },
      `Task's \`ContainerInfo\` is invalid: Parameter in DockerInfo must not be 'name'`,
    ],
    [{ limits: { disk: { value: 1 } } }, `Only cpus and mem may be included in a task's resource limits`],
    [{ limits: { cpus: { value: 0.5 } } }, 'The cpu limit must be greater than or equal to the cpu request'],
    [{ limits: { mem: { value: 31 } } }, 'The memory limit must be greater than or equal to the memory request'],
    [
      { limits: { mem: { value: 1 } }, resources: [amount('cpus', 1)] },
      'When a memory limit is specified, a memory request must also be specified',
    ],
    [{ command: undefined }, 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
    [executor({ type: 'DEFAULT', command: undefined }), `'ExecutorInfo.type' must be 'CUSTOM'`],
    [executor({ command: undefined }), `'ExecutorInfo.command' must be set`],
    [executor({ framework_id: { value: 'x' } }), 'ExecutorInfo has an invalid FrameworkID (Actual: x vs Expected: m-0000)'],
    [
      executor({ resources: [amount('cpus', 4)] }),
      'Total resources cpus(allocated: *):5; mem(allocated: *):32 required by task and its executor is more than available cpus(allocated: *):4; mem(allocated: *):4096',
    ],
    [executor(), 'The local cluster does not run custom executors; use a command'],
    [
      { container: { type: 'MESOS', linux_info: { share_cgroups: false } } },
      `Only tasks in a task group may have 'share_cgroups' set to 'false'`,
    ],
  ])('%j', (change, message) => {
    expect(refusal(change)).toBe(message);
  });

  it.each<[NonNullable<TaskInfo['check']>, string]>([
    [{}, `CheckInfo must specify 'type'`],
    [{ type: 'COMMAND' }, `Expecting 'command' to be set for COMMAND check`],
    [{ type: 'COMMAND', command: { command: {} } }, `Command check must contain 'shell command'`],
    [{ type: 'COMMAND', command: { command: { shell: false } } }, `Command check must contain 'executable path'`],
    [{ type: 'HTTP' }, `Expecting 'http' to be set for HTTP check`],
    [{ type: 'HTTP', http: { port: 1, path: 'x' } }, `The path 'x' of HTTP check must start with '/'`],
    [{ type: 'TCP' }, `Expecting 'tcp' to be set for TCP check`],
    [{ type: 'UNKNOWN' }, `'UNKNOWN' is not a valid check type`],
    [{ type: 'TCP', tcp: { port: 1 }, delay_seconds: -1 }, `Expecting 'delay_seconds' to be non-negative`],
    [{ type: 'TCP', tcp: { port: 1 }, interval_seconds: -1, timeout_seconds: -1 }, `Expecting 'interval_seconds' to be non-negative`],
  ])('check %j', (check, message) => {
    expect(refusal({ check })).toBe(`Task uses invalid check: ${message}`);
  });

  it.each<[NonNullable<TaskInfo['health_check']>, string]>([
    [{}, `HealthCheck must specify 'type'`],
    [{ command: { value: 'x' }, http: { port: 1 } }, `HealthCheck must specify 'type'`],
    [{ type: 'COMMAND' }, `Expecting 'command' to be set for COMMAND health check`],
    [{ command: {} }, `Command health check must contain 'shell command'`],
    [{ type: 'HTTP' }, `Expecting 'http' to be set for HTTP health check`],
    [{ http: { port: 1, scheme: 'ftp' } }, `Unsupported HTTP health check scheme: 'ftp'`],
    [{ http: { port: 1, path: 'x' } }, `The path 'x' of HTTP health check must start with '/'`],
    [{ type: 'TCP' }, `Expecting 'tcp' to be set for TCP health check`],
    [{ type: 'TCP', tcp: { port: 1 }, grace_period_seconds: -1 }, `Expecting 'grace_period_seconds' to be non-negative`],
  ])('health check %j', (health_check, message) => {
    expect(refusal({ health_check })).toBe(`Task uses invalid health check: ${message}`);
  });
});
