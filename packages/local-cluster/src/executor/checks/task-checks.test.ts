import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckInfo, HealthCheck } from '../../generated/protocol.js';
import { until } from '../../testing/processes.js';
import { aGroupExecutor, aTask, ExecutorRoom, type ObservedExecutor } from '../testing/executors.js';

let room: ExecutorRoom;
beforeEach(() => (room = new ExecutorRoom()));
afterEach(() => room.close());

const OFTEN = { delay_seconds: 0, interval_seconds: 0.05, timeout_seconds: 5 };
const CHECKED = 'REASON_TASK_CHECK_STATUS_UPDATED';
const HEALTH = 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';

/** A port that a server of the test's own listens on. */
const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const results = (run: ObservedExecutor) => run.of('t').flatMap(({ reason, check_status }) => (reason === CHECKED ? [check_status] : []));
const health = (run: ObservedExecutor) => run.of('t').flatMap(({ reason, healthy }) => (reason === HEALTH ? [healthy] : []));

describe.each(['command executor', 'default executor'] as const)('checks on the %s', (kind) => {
  const start = (command: string, checks: { readonly check?: CheckInfo; readonly health_check?: HealthCheck }) =>
    room.start([aTask('t', command, checks)], kind === 'default executor' ? { executor: aGroupExecutor() } : {});
  const sandboxFile = (name: string) => (kind === 'default executor' ? `tasks/t/${name}` : name);

  it('tell each new exit code once, RUNNING as before; other statuses have an empty result', async () => {
    const check: CheckInfo = {
      ...OFTEN,
      type: 'COMMAND',
      command: { command: { value: 'test -f ok; code=$?; echo x >> checked; exit $code' } },
    };
    const run = start('until [ -f ok ]; do sleep 0.02; done; sleep 1000', { check });
    await until('three checks', () => run.file(sandboxFile('checked')).length >= 6);
    room.touch(run, sandboxFile('ok'));
    await run.until('t', ({ check_status }) => check_status?.command?.exit_code === 0);
    run.executor.kill('t', undefined);
    await run.end('t');
    const empty = { type: 'COMMAND', command: {} };
    expect(run.of('t').map(({ state, check_status }) => [state, check_status])).toEqual([
      ['TASK_STARTING', empty],
      ['TASK_RUNNING', empty],
      ['TASK_RUNNING', { type: 'COMMAND', command: { exit_code: 1 } }],
      ['TASK_RUNNING', { type: 'COMMAND', command: { exit_code: 0 } }],
      ['TASK_KILLING', empty],
      ['TASK_KILLED', empty],
    ]);
  });

  it('that take too long have no result, and their processes are killed', async () => {
    const command = { value: '[ -f slow ] || exit 7; sleep 1001' };
    const run = start('sleep 1000', { check: { ...OFTEN, timeout_seconds: 0.3, type: 'COMMAND', command: { command } } });
    await until('a result', () => results(run).length === 1);
    room.touch(run, sandboxFile('slow'));
    await until('no result', () => results(run).length === 2);
    expect(results(run)).toEqual([
      { type: 'COMMAND', command: { exit_code: 7 } },
      { type: 'COMMAND', command: {} },
    ]);
  });

  it('kill a task that is sick often enough, and say so', async () => {
    const sick: HealthCheck = { ...OFTEN, type: 'COMMAND', command: { value: 'false' }, consecutive_failures: 2, grace_period_seconds: 0 };
    const run = start('sleep 1000', { health_check: sick });
    expect(await run.end('t')).toMatchObject({ state: 'TASK_KILLED', healthy: false });
    expect(run.of('t').map(({ state, healthy, reason }) => [state, healthy, reason])).toEqual([
      ['TASK_STARTING', undefined, undefined],
      ['TASK_RUNNING', undefined, undefined],
      ['TASK_RUNNING', false, HEALTH],
      ['TASK_RUNNING', false, HEALTH],
      ['TASK_KILLING', undefined, undefined],
      ['TASK_KILLED', false, undefined],
    ]);
  });

  it('by HTTP: the status code after redirects; healthy below 400', async () => {
    let code = 503;
    const server = createServer((request, response) =>
      request.url === '/old' ? response.writeHead(302, { Location: '/new' }).end() : response.writeHead(code).end('x'),
    );
    const port = await listening(server);
    const run = start('sleep 1000', {
      check: { ...OFTEN, type: 'HTTP', http: { port, path: '/old' } },
      health_check: { ...OFTEN, type: 'HTTP', http: { port, path: '/new' }, consecutive_failures: 1000, grace_period_seconds: 0 },
    });
    await until('both see it', () => results(run).length === 1 && health(run).includes(false));
    code = 204;
    await until('both see it', () => results(run).length === 2 && health(run).includes(true));
    server.closeAllConnections();
    server.close();
    expect(results(run)).toEqual([
      { type: 'HTTP', http: { status_code: 503 } },
      { type: 'HTTP', http: { status_code: 204 } },
    ]);
  });

  it('by TCP: whether somebody listens', async () => {
    const server = createServer();
    const port = await listening(server);
    const run = start('sleep 1000', { check: { ...OFTEN, type: 'TCP', tcp: { port } } });
    await until('it is seen', () => results(run).length === 1);
    await new Promise((resolve) => server.close(resolve));
    await until('its end is seen', () => results(run).length === 2);
    expect(results(run)).toEqual([
      { type: 'TCP', tcp: { succeeded: true } },
      { type: 'TCP', tcp: { succeeded: false } },
    ]);
  });

  it('have the environment of the task and their own', async () => {
    const environment = { variables: [{ name: 'OWN', value: 'check' }] };
    const command = { value: 'echo "$OWN $OF_TASK $MESOS_SANDBOX" > seen; pwd >> seen', environment };
    const run = room.start(
      [
        aTask(
          't',
          { value: 'sleep 1000', environment: { variables: [{ name: 'OF_TASK', value: 'task' }] } },
          { check: { ...OFTEN, interval_seconds: 1000, type: 'COMMAND', command: { command } } },
        ),
      ],
      kind === 'default executor' ? { executor: aGroupExecutor() } : {},
    );
    await until('a result', () => results(run).length === 1);
    const [line, directory] = run.file(sandboxFile('seen')).split('\n');
    expect(line).toBe(`check task ${directory ?? ''}`);
  });
});

describe('checks on the default executor while its agent is gone', () => {
  it('pause, and go on at once when it is back', async () => {
    const check: CheckInfo = { ...OFTEN, type: 'COMMAND', command: { command: { value: 'echo x >> checked; test -f ok' } } };
    const start = (where: ExecutorRoom) => where.start([aTask('t', 'sleep 1000', { check })], { executor: aGroupExecutor() });
    const checked = (of: ObservedExecutor): number => of.file('tasks/t/checked').length;
    const otherRoom = new ExecutorRoom();
    onTestFinished(() => otherRoom.close());
    const [run, other] = [start(room), start(otherRoom)];
    await until('a check', () => results(run).length === 1);
    run.executor.connect(undefined);
    const otherChecks = (count: number) => {
      const before = checked(other);
      return until('checks of one whose agent is there', () => checked(other) >= before + 2 * count);
    };
    // A check that was under way may still write.
    await otherChecks(2);
    const before = checked(run);
    await otherChecks(5);
    expect(checked(run)).toBe(before);
    room.touch(run, 'tasks/t/ok');
    run.executor.connect(run);
    await run.until('t', ({ check_status }) => check_status?.command?.exit_code === 0);
  });
});
