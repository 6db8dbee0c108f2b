import { describe, expect, it } from 'vitest';
import { deleteApp, killTasks, restartApp, tasksToKill } from './commands.js';
import { kinds, killed, launched, offer, Simulation } from './testing/simulation.js';

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};

describe('offers', () => {
  it('are asked for only while something is to be launched', () => {
    const marathon = Simulation.subscribed();
    expect(kinds(marathon.effects)).toEqual([]);
    expect(kinds(marathon.put({ id: '/app', instances: 2 }))).toEqual(['revive']);
    expect(kinds(marathon.handle({ type: 'offers', offers: [offer()] }))).toEqual(['accept', 'suppress']);
  });

  it('are asked for again when none follow', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    expect(kinds(marathon.later(9))).toEqual([]);
    expect(kinds(marathon.later(2))).toEqual(['revive']);
  });

  it('that nobody wants are declined for long, and none asked for any more', () => {
    const marathon = Simulation.subscribed();
    expect(marathon.handle({ type: 'offers', offers: [offer(1), offer(2)] })).toEqual([
      { type: 'decline', offerIds: ['offer-of-1', 'offer-of-2'], refuseSeconds: 3600 },
      { type: 'suppress' },
    ]);
  });

  it('take as many tasks as fit, and the rest goes to the next agent', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', instances: 5, cpus: 1 });
    const effects = marathon.handle({ type: 'offers', offers: [offer(1, { cpus: 2 }), offer(2, { cpus: 2.5 }), offer(3, { cpus: 0.5 })] });
    expect(launched(effects).map(({ agent_id }) => agent_id.value)).toEqual(['agent-1', 'agent-1', 'agent-2', 'agent-2']);
    expect(effects).toContainEqual({ type: 'decline', offerIds: ['offer-of-3'], refuseSeconds: 120 });
    expect(marathon.state.waiting.get('/app')?.rejections.get('InsufficientCpus')).toBe(3);
  });

  it('give a task its ports, environment and quantities', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/group/app', cpus: 0.5, mem: 64, env: { COLOUR: 'red' }, cmd: 'run me', taskKillGracePeriodSeconds: 7 });
    const task = only(marathon.offers(offer(1, { ports: [31_000, 31_000] })));
    expect(task.name).toBe('app.group');
    expect(task.task_id.value).toMatch(/^group_app\.instance-[0-9a-f-]{36}\._app\.1$/);
    expect(task.command).toMatchObject({ shell: true, value: 'run me' });
    expect(task.kill_policy).toEqual({ grace_period: { nanoseconds: 7e9 } });
    const variables = Object.fromEntries((task.command?.environment?.variables ?? []).map(({ name, value }) => [name, value]));
    expect(variables).toMatchObject({ HOST: '127.0.0.11', PORT0: '31000', COLOUR: 'red', MARATHON_APP_ID: '/group/app' });
    expect(task.resources).toContainEqual(
      expect.objectContaining({ name: 'cpus', scalar: { value: 0.5 }, allocation_info: { role: '*' } }),
    );
    expect(task.resources).toContainEqual(expect.objectContaining({ name: 'ports', ranges: { range: [{ begin: 31_000, end: 31_000 }] } }));
  });

  it('of one agent are refused by a UNIQUE hostname after the first task', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', instances: 2, constraints: [['hostname', 'UNIQUE']] });
    expect(marathon.offers(offer(1))).toHaveLength(1);
    expect(marathon.offers(offer(1))).toHaveLength(0);
    expect(marathon.offers(offer(2))).toHaveLength(1);
  });
});

describe('a launch', () => {
  it('that the master never took is made again, under another id', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const first = only(marathon.offers()).task_id.value;
    expect(kinds(marathon.handle({ type: 'not-launched', taskIds: [first] }))).toEqual(['revive']);
    expect(only(marathon.offers()).task_id.value).not.toBe(first);
  });

  it('of which nothing is known is asked for, not repeated', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const taskId = only(marathon.offers()).task_id.value;
    expect(kinds(marathon.handle({ type: 'call-lost', taskIds: [taskId] }))).toEqual([]);
    expect(marathon.later(3)).toEqual([{ type: 'reconcile', tasks: [{ taskId, agentId: 'agent-1' }] }]);
    expect(marathon.offers()).toEqual([]);
  });

  it('that does not get to run is given up in the end', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const taskId = only(marathon.offers()).task_id.value;
    expect(killed(marathon.later(299))).toEqual([]);
    expect(killed(marathon.later(2))).toEqual([taskId]);
  });
});

describe('a task that ends', () => {
  it('is replaced after a delay that grows with each end and is forgotten in time', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', backoffSeconds: 2, backoffFactor: 3, maxLaunchDelaySeconds: 60 });
    const end = (): string[] => marathon.launch().flatMap((id) => kinds(marathon.status(id, 'TASK_FAILED')));
    expect(end()).toEqual(['acknowledge']);
    expect(kinds(marathon.later(1.9))).toEqual([]);
    expect(kinds(marathon.later(0.2))).toEqual(['revive']);
    end();
    expect(kinds(marathon.later(5.9))).toEqual([]);
    expect(kinds(marathon.later(0.2))).toEqual(['revive']);
    const [id = ''] = marathon.launch();
    marathon.later(61);
    marathon.status(id, 'TASK_FAILED');
    expect(kinds(marathon.later(2.1))).toEqual(['revive']);
  });

  it('leaves its failure for the user to see', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    marathon.status(id, 'TASK_FAILED', { message: 'Command exited with status 3' });
    expect(marathon.state.failures.get('/app')).toMatchObject({
      taskId: id,
      state: 'TASK_FAILED',
      message: 'Command exited with status 3',
    });
  });

  it('on an agent that is away is replaced at once, and killed when it comes back', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    expect(kinds(marathon.status(id, 'TASK_UNREACHABLE'))).toEqual(['acknowledge', 'revive']);
    expect(killed(marathon.status(id, 'TASK_RUNNING'))).toEqual([id]);
  });

  it('is not one that a new master does not know yet', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    marathon.handle({ type: 'disconnected' });
    marathon.handle({ type: 'subscribed', frameworkId: 'framework', newFramework: false });
    marathon.status(id, 'TASK_UNKNOWN', { uuid: undefined, reason: 'REASON_RECONCILIATION' });
    expect(kinds(marathon.later(2.1))).toEqual(['reconcile']);
    marathon.status(id, 'TASK_RUNNING', { uuid: undefined, reason: 'REASON_RECONCILIATION' });
    expect(marathon.tasks('/app')).toHaveLength(1);
    marathon.status(id, 'TASK_UNKNOWN', { uuid: undefined });
    marathon.later(31);
    marathon.status(id, 'TASK_UNKNOWN', { uuid: undefined });
    expect(marathon.tasks('/app')).toHaveLength(0);
  });
});

describe('kills', () => {
  it('are repeated until the task is terminal', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    expect(killed(marathon.put({ id: '/app', instances: 0 }))).toEqual([id]);
    expect(killed(marathon.later(4))).toEqual([]);
    expect(killed(marathon.later(2))).toEqual([id]);
    marathon.status(id, 'TASK_KILLING');
    expect(killed(marathon.later(6))).toEqual([id]);
    expect(kinds(marathon.status(id, 'TASK_KILLED'))).toEqual(['acknowledge']);
    expect(killed(marathon.later(6))).toEqual([]);
    expect(marathon.state.tasks.size).toBe(0);
  });

  it('wait for the subscription, and are sent anew at the next', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    marathon.handle({ type: 'disconnected' });
    marathon.command((state, now) => deleteApp(state, '/app', now));
    expect(kinds(marathon.later(10))).toEqual([]);
    const effects = marathon.handle({ type: 'subscribed', frameworkId: 'framework', newFramework: false });
    expect(killed(effects)).toEqual([id]);
    expect(kinds(effects)).toContain('reconcile');
  });

  it('by a user are followed by a new task, or by none when the app is scaled', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', instances: 2 });
    const [first = '', second = ''] = marathon.launch();
    marathon.command((state, now) => killTasks(state, [...state.tasks.values()].slice(0, 1), false, now));
    expect(kinds(marathon.status(first, 'TASK_KILLED'))).toEqual(['acknowledge', 'revive']);
    marathon.launch();
    marathon.command((state, now) => killTasks(state, tasksToKill(state, '/app', '127.0.0.11').slice(0, 1), true, now));
    marathon.status(second, 'TASK_KILLED');
    expect(marathon.state.apps.get('/app')?.instances).toBe(1);
    expect(marathon.tasks('/app').filter(({ kill }) => !kill)).toHaveLength(1);
    expect(marathon.offers()).toEqual([]);
  });

  it('end tasks of no app', () => {
    const marathon = Simulation.subscribed();
    expect(killed(marathon.status('stranger', 'TASK_RUNNING'))).toEqual(['stranger']);
    expect(kinds(marathon.status('stranger', 'TASK_KILLED'))).toEqual(['acknowledge']);
  });
});

describe('health checks', () => {
  const check = {
    protocol: 'HTTP',
    path: '/healthz',
    gracePeriodSeconds: 10,
    intervalSeconds: 5,
    timeoutSeconds: 1,
    maxConsecutiveFailures: 2,
    ignoreHttp1xx: false,
  } as const;

  it('are made at the port of a running task, one at a time', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', healthChecks: [check] });
    const [id = ''] = marathon.launch(offer(1, { ports: [31_005, 31_005] }));
    const probe = { protocol: 'http', host: '127.0.0.11', port: 31_005, path: '/healthz', timeoutMs: 1000, ignoreHttp1xx: false };
    expect(marathon.later(1)).toEqual([{ type: 'probe', taskId: id, check: 0, probe }]);
    expect(kinds(marathon.later(60))).toEqual([]);
    marathon.probeResult(id, true);
    expect(kinds(marathon.later(5))).toEqual(['probe']);
  });

  it('that fail kill the task, which counts as an end', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', healthChecks: [check] });
    const [id = ''] = marathon.launch();
    marathon.later(1);
    expect(killed(marathon.probeResult(id, false))).toEqual([]);
    marathon.later(10);
    expect(killed(marathon.probeResult(id, false))).toEqual([]);
    expect(killed(marathon.probeResult(id, false))).toEqual([id]);
    expect(kinds(marathon.status(id, 'TASK_KILLED'))).toEqual(['acknowledge']);
    expect(marathon.state.failures.get('/app')?.message).toBe('killed: 503');
    expect(kinds(marathon.later(1.1))).toEqual(['revive']);
  });

  it('of COMMAND come as statuses', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', healthChecks: [{ ...check, protocol: 'COMMAND', command: { value: 'true' } }] });
    const task = only(marathon.offers());
    expect(task.health_check).toMatchObject({ type: 'COMMAND', command: { value: 'true' }, consecutive_failures: 2 });
    marathon.status(task.task_id.value, 'TASK_RUNNING');
    expect(kinds(marathon.later(60))).toEqual([]);
    marathon.status(task.task_id.value, 'TASK_RUNNING', { healthy: true });
    expect(marathon.tasks('/app')[0]?.health[0]).toMatchObject({ alive: true, checked: true });
  });
});

describe('a change of the app', () => {
  it('starts new tasks first and ends the old ones as the new ones are ready', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', instances: 2 });
    const old = marathon.launch();
    expect(marathon.state.deployments).toEqual([]);
    marathon.now += 1000;
    expect(kinds(marathon.put({ id: '/app', cmd: 'other' }))).toEqual(['revive']);
    const fresh = marathon.offers().map(({ task_id }) => task_id.value);
    expect(fresh).toHaveLength(2);
    expect(killed(marathon.status(fresh[0] ?? '', 'TASK_RUNNING'))).toHaveLength(1);
    expect(killed(marathon.status(fresh[1] ?? '', 'TASK_RUNNING'))).toHaveLength(1);
    expect(marathon.state.deployments).toHaveLength(1);
    for (const id of old) marathon.status(id, 'TASK_KILLED');
    expect(marathon.tasks('/app').map(({ id }) => id)).toEqual(fresh);
    expect(marathon.state.deployments).toEqual([]);
  });

  it('ends old tasks first when no capacity has to stay healthy', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 } });
    const [id = ''] = marathon.launch();
    marathon.now += 1000;
    marathon.command((state, now) => restartApp(state, '/app', now));
    expect(killed(marathon.effects)).toEqual([id]);
    expect(marathon.offers()).toEqual([]);
    expect(kinds(marathon.status(id, 'TASK_KILLED'))).toEqual(['acknowledge', 'revive']);
  });

  it('of the number of instances leaves running tasks alone', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app' });
    const [id = ''] = marathon.launch();
    marathon.now += 1000;
    marathon.put({ id: '/app', instances: 3 });
    expect(marathon.launch()).toHaveLength(2);
    expect(killed(marathon.effects)).toEqual([]);
    marathon.now += 1000;
    marathon.put({ id: '/app', instances: 1 });
    expect(killed(marathon.effects)).toHaveLength(2);
    expect(killed(marathon.effects)).not.toContain(id);
  });
});

describe('a removed framework', () => {
  it('has no tasks any more: all are launched anew', () => {
    const marathon = Simulation.subscribed();
    marathon.put({ id: '/app', instances: 2 });
    marathon.launch();
    marathon.handle({ type: 'framework-removed' });
    expect(marathon.state.frameworkId).toBeUndefined();
    expect(kinds(marathon.handle({ type: 'subscribed', frameworkId: 'other', newFramework: true }))).toEqual(['revive']);
    expect(marathon.launch()).toHaveLength(2);
  });
});
