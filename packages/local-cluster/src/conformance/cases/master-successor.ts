// Another master leads: what it knows of frameworks, agents and tasks (recorded: recordings/README.md, failover).
import { alone } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { durationMs } from '../cluster-facts.js';
import { expectEqual, expectFields, expectTrue, notRun } from '../expect.js';
import { agentIsBack, failedOver, launchedLong, paused } from './failing-over.js';
import { silenceMs } from './silence.js';

const reconcile = 'src/master/master.cpp, Master::reconcile';
const MASTERS = ['kill-master', 'start-master'] as const;
const MASTERS_AND_AGENTS = [...MASTERS, 'pause-agent', 'resume-agent'] as const;
/** Longer than this is not waited for an agent to be given up. */
const LONGEST_TIMEOUT_MS = 60_000;

const needsRegistry = ({ facts }: CaseContext, registry: 'in_memory' | 'replicated_log'): void => {
  if (facts.flags['registry'] !== registry) notRun(`needs masters with --registry=${registry}`);
};

export const masterSuccessorCases = alone([
  {
    name: 'another master leads: the framework subscribes there with its id, and its task is still its own',
    source: 'docs/high-availability-framework-guide.md; src/master/master.cpp, Master::_subscribe, Master::recoverFramework',
    masters: 2,
    needs: MASTERS,
    run: async (context) => {
      const first = await context.framework();
      const offer = await launchedLong(first);
      await failedOver(context, async () => {
        await first.subscription.untilClosed(context.patienceMs);
        const second = await context.again(first);
        expectEqual('the id', second.id, first.id);
        const master = second.events.find(({ subscribed }) => subscribed)?.subscribed?.master_info;
        expectTrue('the master is another one', master !== undefined && master.id !== context.facts.masterId, master);
        await agentIsBack(context, offer, silenceMs(context));
        const { tasks } = await context.getJson<{ tasks: { id: string; framework_id: string; state: string }[] }>('/tasks');
        const task = tasks.find(({ framework_id }) => framework_id === first.id);
        expectFields('the task on /tasks', task, { id: 't', slave_id: offer.agent_id.value, state: 'TASK_RUNNING' });
        expectFields('its reconciliation', await second.reconcile('t', offer.agent_id.value), {
          state: 'TASK_RUNNING',
          agent_id: offer.agent_id,
          message: 'Reconciliation: Latest task state',
        });
        await second.expectOffer('the agent', ({ agent_id }) => agent_id.value === offer.agent_id.value);
        await second.send({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: offer.agent_id } });
        expectEqual('it can be killed', (await second.end('t')).state, 'TASK_KILLED');
      });
    },
  },
  {
    name: 'another master leads, registry in memory: a task whose agent is not back is UNKNOWN, which is not dead: it RUNs again',
    source: `${reconcile}; src/master/registrar.cpp with --registry=in_memory; Master::__reregisterSlave`,
    masters: 2,
    needs: MASTERS_AND_AGENTS,
    run: async (context) => {
      needsRegistry(context, 'in_memory');
      const first = await context.framework();
      const offer = await launchedLong(first);
      await paused(context, offer, () =>
        failedOver(context, async () => {
          const second = await context.again(first);
          expectFields('its reconciliation', await second.reconcile('t', offer.agent_id.value), {
            state: 'TASK_UNKNOWN',
            source: 'SOURCE_MASTER',
            reason: 'REASON_RECONCILIATION',
            message: 'Reconciliation: Task is unknown',
            agent_id: offer.agent_id,
          });
          await context.control.perform('resume-agent', offer.hostname);
          const { state } = await second.status('t', ({ reason }) => reason === 'REASON_AGENT_REREGISTERED', silenceMs(context));
          expectEqual('the task when its agent is back', state, 'TASK_RUNNING');
        }),
      );
    },
  },
  {
    name: 'another master leads, replicated registry: of a task whose agent is not back nothing is said; then it RUNs',
    source: `${reconcile}: "Task is unknown, slave is recovered: no-op"`,
    masters: 3,
    needs: MASTERS_AND_AGENTS,
    run: async (context) => {
      needsRegistry(context, 'replicated_log');
      const first = await context.framework();
      const offer = await launchedLong(first);
      await paused(context, offer, () =>
        failedOver(context, async () => {
          const second = await context.again(first);
          const stranger = { task_id: { value: 'stranger' }, agent_id: { value: 'no-such-agent' } };
          // In their order: when the second one is answered, so would have been the first.
          const tasks = [{ task_id: { value: 't' }, agent_id: offer.agent_id }, { task_id: { value: 't' } }, stranger];
          await second.send({ type: 'RECONCILE', reconcile: { tasks } });
          expectEqual('a task of no agent', (await second.status('stranger', () => true)).state, 'TASK_UNKNOWN');
          expectEqual('what is said of the task', second.states('t'), []);
          await context.control.perform('resume-agent', offer.hostname);
          await agentIsBack(context, offer, silenceMs(context));
          expectEqual('the task when its agent is back', (await second.reconcile('t', offer.agent_id.value)).state, 'TASK_RUNNING');
          expectTrue(
            'and nothing else was said',
            second.states('t').every((state) => state === 'TASK_RUNNING'),
            second.states('t'),
          );
        }),
      );
    },
  },
  {
    name: 'another master leads, replicated registry: after --agent_reregister_timeout the tasks of a missing agent are UNREACHABLE',
    source: `${reconcile}; Master::recoveredSlavesTimeout`,
    masters: 3,
    flags: ['--agent_reregister_timeout=1500ms'],
    needs: MASTERS_AND_AGENTS,
    run: async (context) => {
      needsRegistry(context, 'replicated_log');
      const { flags } = context.facts;
      const timeoutMs = durationMs(flags['agent_reregister_timeout']) ?? 600_000;
      if (timeoutMs > LONGEST_TIMEOUT_MS) notRun(`--agent_reregister_timeout is ${flags['agent_reregister_timeout'] ?? '10mins'}`);
      const first = await context.framework();
      const offer = await launchedLong(first);
      await paused(context, offer, () =>
        failedOver(context, async () => {
          const second = await context.again(first);
          const isLost = (): true | undefined =>
            second.events.some(({ failure }) => failure?.agent_id?.value === offer.agent_id.value) ? true : undefined;
          await second.until('FAILURE of the agent', isLost, timeoutMs + context.patienceMs);
          expectFields('its reconciliation', await second.reconcile('t', offer.agent_id.value), {
            state: 'TASK_UNREACHABLE',
            source: 'SOURCE_MASTER',
            reason: 'REASON_RECONCILIATION',
            message: 'Reconciliation: Task is unreachable',
          });
          await context.control.perform('resume-agent', offer.hostname);
          const { state } = await second.status('t', ({ reason }) => reason === 'REASON_AGENT_REREGISTERED', silenceMs(context));
          expectEqual('the task when its agent is back', state, 'TASK_RUNNING');
        }),
      );
    },
  },
]);
