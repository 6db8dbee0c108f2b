// KILL: the grace period, who is killed, and what is answered when there is nothing to kill.
import type { KillPolicy, TaskStatus } from '../../generated/protocol.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import { expectEqual, expectFields, expectMatch, expectTrue } from '../expect.js';
import type { Framework } from '../framework.js';
import { task } from '../tasks.js';

const executor = 'src/launcher/executor.cpp, CommandExecutor::kill';

/** Ignores SIGTERM, once its shell has come so far. */
const STUBBORN = `trap '' TERM; while true; do sleep 0.2; done`;

const grace = (seconds: number): KillPolicy => ({ grace_period: { nanoseconds: seconds * 1e9 } });

/** The shell has reached its trap. */
const TRAP_MS = 500;

const kill = (framework: Framework, id = 't', kill_policy?: KillPolicy): Promise<void> =>
  framework.send({ type: 'KILL', kill: { task_id: { value: id }, ...(kill_policy === undefined ? {} : { kill_policy }) } });

const killedAfter = async (framework: Framework, policy?: KillPolicy): Promise<{ readonly end: TaskStatus; readonly ms: number }> => {
  const startedAt = Date.now();
  await kill(framework, 't', policy);
  return { end: await framework.end('t', 15_000), ms: Date.now() - startedAt };
};

export const killingCases: readonly ConformanceCase[] = [
  {
    name: 'KILL: KILLING, then KILLED by SIGTERM',
    source: executor,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      await kill(framework);
      const end = await framework.end('t');
      expectEqual('the states', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
      expectFields('the end', end, { source: 'SOURCE_EXECUTOR', reason: undefined });
      expectMatch('its message', end.message, /^Command terminated with signal Terminated/);
    },
  },
  {
    name: 'a task that ends well upon SIGTERM is KILLED all the same',
    source: `${executor}; CommandExecutor::reaped: killed wins`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', `trap 'exit 0' TERM; while true; do sleep 0.1; done`)]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      await kill(framework);
      const { state, message } = await framework.end('t');
      expectEqual('the end', { state, message }, { state: 'TASK_KILLED', message: 'Command exited with status 0' });
    },
  },
  {
    name: 'a task that ignores SIGTERM is killed when the grace period of KILL is over',
    source: `${executor}, escalated`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', STUBBORN)]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      const { end, ms } = await killedAfter(framework, grace(0.5));
      expectEqual('the state', end.state, 'TASK_KILLED');
      expectMatch('the message', end.message, /^Command terminated with signal Killed/);
      expectTrue('after the grace period', ms >= 400, ms);
      expectTrue('not after that of the executor', ms < 2900, ms);
    },
  },
  {
    name: `the task's own kill policy holds when KILL has none`,
    source: `${executor}: task.kill_policy()`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', STUBBORN, { kill_policy: grace(0.5) })]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      const { ms } = await killedAfter(framework);
      expectTrue('after the grace period', ms >= 400 && ms < 2900, ms);
    },
  },
  {
    name: 'without any kill policy the grace period is 3 seconds',
    source: 'src/slave/constants.hpp, DEFAULT_EXECUTOR_SHUTDOWN_GRACE_PERIOD; src/launcher/executor.cpp: 3 secs',
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', STUBBORN)]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      const { ms } = await killedAfter(framework);
      expectTrue('after 3 s', ms >= 2800, ms);
    },
  },
  {
    name: 'a second KILL shortens the grace period',
    source: `${executor}: "Adjusting the grace period"`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', STUBBORN)]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      await kill(framework, 't', grace(30));
      await framework.status('t', 'TASK_KILLING');
      const { end } = await killedAfter(framework, grace(0));
      expectEqual('the state', end.state, 'TASK_KILLED');
    },
  },
  {
    name: 'SIGTERM reaches what the command started',
    source: `${executor}: os::killtree`,
    run: async (context) => {
      const framework = await context.framework();
      // The shell only takes note of SIGTERM; it goes on because its child ends.
      await framework.launch([task('t', 'trap : TERM; sleep 60; exit 7')]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(TRAP_MS);
      await kill(framework, 't', grace(10));
      expectEqual('the message', (await framework.end('t')).message, 'Command exited with status 7');
    },
  },
  {
    name: 'KILL of an unknown task is answered like its reconciliation',
    source: 'src/master/master.cpp, Master::kill: "Performing explicit task state reconciliation"',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await kill(framework, 'unheard-of');
      const status = await framework.status('unheard-of', () => true);
      expectFields('the status', status, { state: 'TASK_UNKNOWN', reason: 'REASON_RECONCILIATION', source: 'SOURCE_MASTER' });
    },
  },
  {
    name: 'KILL of a task that has ended is answered TASK_GONE',
    source: 'src/master/master.cpp, Master::kill, Master::reconcile',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t')]);
      await framework.status('t', 'TASK_FINISHED');
      await context.eventually('its removal', async () =>
        (await framework.reconcile('t', offer.agent_id.value)).state === 'TASK_GONE' ? true : undefined,
      );
      const seen = framework.statuses('t').length;
      await framework.send({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: offer.agent_id } });
      const status = await framework.until('the answer', () => framework.statuses('t')[seen]);
      expectFields('the status', status, { state: 'TASK_GONE', reason: 'REASON_RECONCILIATION' });
    },
  },
  {
    name: 'KILL with the wrong agent kills nothing',
    source: 'src/master/master.cpp, Master::kill: "Cannot kill task … it is not on agent"',
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      await framework.send({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: { value: 'no-such-agent' } } });
      await context.wait(700);
      expectEqual('the states', framework.states('t'), ['TASK_STARTING', 'TASK_RUNNING']);
      expectEqual('it runs', (await framework.reconcile('t')).state, 'TASK_RUNNING');
    },
  },
  {
    name: 'max_completion_time over: TASK_FAILED, REASON_MAX_COMPLETION_TIME_REACHED',
    source: 'src/launcher/executor.cpp, CommandExecutor::taskCompletionTimeout',
    since: '1.8',
    run: async (context) => {
      const framework = await context.framework();
      const end = await framework.run(task('t', 'sleep 60', { max_completion_time: { nanoseconds: 0.5e9 } }));
      expectFields('the end', end, { state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED', source: 'SOURCE_EXECUTOR' });
    },
  },
];
