// Agents that fall silent, start anew and come back. They need somebody who does that to them.
import type { Offer } from '../../generated/protocol.js';
import { alone } from '../case.js';
import { capabilities, type CaseContext } from '../case-context.js';
import type { ControlName } from '../control.js';
import { expectEqual, expectFields, expectTrue } from '../expect.js';
import type { Framework } from '../framework.js';
import { on } from '../framework.js';
import { task } from '../tasks.js';
import { silenceMs } from './silence.js';

const unreachable = 'src/master/master.cpp, SlaveObserver::pingTimeout, Master::markUnreachable';

const sameAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

/** Breaks the agent, and mends it whatever comes. */
const broken = async (
  context: CaseContext,
  offer: Offer,
  [breakIt, mendIt]: readonly [ControlName, ControlName],
  meanwhile: (mend: () => Promise<void>) => Promise<void>,
): Promise<void> => {
  let isMended = false;
  const mend = async (): Promise<void> => {
    if (isMended) return;
    isMended = true;
    await context.control.perform(mendIt, offer.hostname);
  };
  await context.control.perform(breakIt, offer.hostname);
  try {
    await meanwhile(mend);
  } finally {
    await mend();
    await context.eventually(
      `the return of ${offer.hostname}`,
      async () => {
        const { slaves } = await context.getJson<{ slaves: { id: string; active: boolean }[] }>('/slaves');
        return slaves.find(({ id, active }) => id === offer.agent_id.value && active);
      },
      silenceMs(context),
    );
  }
};

const PAUSE = ['pause-agent', 'resume-agent'] as const;
const KILL = ['kill-agent', 'start-agent'] as const;

const launched = async (framework: Framework): Promise<Offer> => {
  const offer = await framework.launch([task('t', 'sleep 600')]);
  await framework.status('t', 'TASK_RUNNING');
  return offer;
};

export const agentCases = alone([
  {
    name: 'an agent that is silent: its tasks UNREACHABLE, its offers rescinded, FAILURE; back, they RUN again',
    source: `${unreachable}; Master::__reregisterSlave`,
    needs: PAUSE,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launched(framework);
      const rest = await framework.offer(sameAgent(offer));
      await broken(context, offer, PAUSE, async (mend) => {
        const status = await framework.status('t', 'TASK_UNREACHABLE', silenceMs(context));
        const wanted = { source: 'SOURCE_MASTER', reason: 'REASON_AGENT_REMOVED', message: 'health check timed out', uuid: undefined };
        expectFields('the status', status, { ...wanted, agent_id: offer.agent_id });
        expectTrue('unreachable_time', (status.unreachable_time?.nanoseconds ?? 0) > 1e18, status.unreachable_time);
        await framework.until('RESCIND', () => (framework.isRescinded(rest) ? true : undefined));
        const failure = await framework.until('FAILURE', (events) => events.find((event) => event.type === 'FAILURE')?.failure);
        expectEqual('FAILURE', failure, { agent_id: offer.agent_id });
        const asked = await framework.reconcile('t', offer.agent_id.value);
        expectFields('reconciliation', asked, { state: 'TASK_UNREACHABLE', message: 'Reconciliation: Task is unreachable' });
        expectEqual('unreachable_time', asked.unreachable_time, status.unreachable_time);
        await mend();
        const back = await framework.status('t', ({ reason }) => reason === 'REASON_AGENT_REREGISTERED', silenceMs(context));
        expectFields('the task', back, { state: 'TASK_RUNNING', source: 'SOURCE_MASTER', message: 'Unreachable agent re-reregistered' });
        await framework.expectOffer('the agent', sameAgent(offer));
      });
    },
  },
  {
    name: 'the id of an unreachable task can not be used again',
    source: 'src/master/validation.cpp, task::validateUniqueTaskID',
    needs: PAUSE,
    run: async (context) => {
      context.needsAgents(2);
      const framework = await context.framework();
      const offer = await launched(framework);
      const other = await framework.offer((one) => !sameAgent(offer)(one));
      await broken(context, offer, PAUSE, async () => {
        await framework.status('t', 'TASK_UNREACHABLE', silenceMs(context));
        await framework.accept([other], [{ type: 'LAUNCH', launch: { task_infos: [on(other, task('t'))] } }]);
        const { message } = await framework.status('t', 'TASK_ERROR');
        expectEqual('the message', message, 'Task reuses the ID of an unreachable task: t');
      });
    },
  },
  {
    name: 'a framework without PARTITION_AWARE gets TASK_LOST for the tasks of a silent agent',
    source: unreachable,
    needs: PAUSE,
    run: async (context) => {
      const framework = await context.framework({ info: { capabilities: capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT') } });
      const offer = await launched(framework);
      await broken(context, offer, PAUSE, async () => {
        await framework.status('t', 'TASK_LOST', silenceMs(context));
      });
    },
  },
  {
    name: 'an agent that starts anew: its offers rescinded, its tasks run on',
    source: 'docs/agent-recovery.md; src/master/master.cpp, Master::disconnect(Slave*)',
    needs: KILL,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launched(framework);
      const rest = await framework.offer(sameAgent(offer));
      await broken(context, offer, KILL, async (mend) => {
        await framework.until('RESCIND', () => (framework.isRescinded(rest) ? true : undefined));
        await mend();
        await framework.until(
          'an offer of it',
          () => framework.offers().find((one) => sameAgent(offer)(one) && !framework.isRescinded(one) && one.id.value !== offer.id.value),
          silenceMs(context),
        );
      });
      expectEqual('the task', (await framework.reconcile('t')).state, 'TASK_RUNNING');
      expectEqual(
        'nothing was told of it',
        framework.states('t').filter((state) => !/STARTING|RUNNING/.test(state)),
        [],
      );
      await framework.send({ type: 'KILL', kill: { task_id: { value: 't' } } });
      expectEqual('it can be killed', (await framework.end('t')).state, 'TASK_KILLED');
    },
  },
  {
    name: 'KILL while the agent is away is done when it is back',
    source: 'src/master/master.cpp, Master::kill: "Kill will be retried if the agent reregisters"',
    needs: KILL,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launched(framework);
      await broken(context, offer, KILL, async (mend) => {
        await context.eventually('its absence', async () => {
          const { slaves } = await context.getJson<{ slaves: { id: string; active: boolean }[] }>('/slaves');
          return slaves.some(({ id, active }) => id === offer.agent_id.value && active) ? undefined : true;
        });
        await framework.send({ type: 'KILL', kill: { task_id: { value: 't' } } });
        await mend();
      });
      expectEqual('the end', (await framework.end('t', silenceMs(context))).state, 'TASK_KILLED');
    },
  },
]);
