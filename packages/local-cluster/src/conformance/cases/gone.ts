// The operator says that an agent is gone for good. It costs the agent: only another one can come in its place.
import type { Offer } from '../../generated/protocol.js';
import { alone } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, expectTrue, notRun } from '../expect.js';
import { launchedLong } from './failing-over.js';
import { operate } from './operator-call.js';
import { silenceMs } from './silence.js';

const source = 'src/master/http.cpp, Master::Http::_markAgentGone; src/master/master.cpp, Master::markGone, Master::__removeSlave';

interface AgentView {
  readonly id: string;
  readonly hostname: string;
  readonly active: boolean;
}

const agents = async (context: CaseContext): Promise<AgentView[]> => (await context.getJson<{ slaves: AgentView[] }>('/slaves')).slaves;

/** In the end another agent has taken the place of the one that is gone. @returns its id */
const renewed = async (context: CaseContext, { hostname, agent_id }: Offer): Promise<string> => {
  await context.control.perform('renew-agent', hostname);
  const { id } = await context.eventually(
    `another agent on ${hostname}`,
    async () => (await agents(context)).find((one) => one.hostname === hostname && one.id !== agent_id.value && one.active),
    silenceMs(context),
  );
  return id;
};

/** The agent is gone, and `look` sees to what comes of it. */
const gone = async (context: CaseContext, offer: Offer, look: () => Promise<void>): Promise<void> => {
  if (context.facts.isShared) notRun('other frameworks are there, whose tasks it would cost');
  await operate(context, { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: offer.agent_id } } as { readonly type: string });
  try {
    await look();
  } finally {
    await renewed(context, offer);
  }
};

const wanted = {
  state: 'TASK_GONE_BY_OPERATOR',
  source: 'SOURCE_MASTER',
  reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
  message: 'Agent has been marked gone',
};

export const goneCases = alone([
  {
    name: 'MARK_AGENT_GONE: its tasks GONE_BY_OPERATOR, its offers rescinded, FAILURE; who comes in its place is another agent',
    source,
    needs: ['renew-agent'],
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launchedLong(framework);
      const rest = await framework.expectOffer('the rest', ({ agent_id }) => agent_id.value === offer.agent_id.value);
      await gone(context, offer, async () => {
        expectFields('the status', await framework.end('t'), { ...wanted, agent_id: offer.agent_id, uuid: undefined });
        await framework.until('RESCIND', () => (framework.isRescinded(rest) ? true : undefined));
        await framework.until('FAILURE', (events) => events.find(({ failure }) => failure?.agent_id?.value === offer.agent_id.value));
        expectFields('its reconciliation', await framework.reconcile('t', offer.agent_id.value), {
          state: 'TASK_GONE_BY_OPERATOR',
          message: 'Reconciliation: Task is gone',
        });
        expectTrue(
          'it is on /slaves no more',
          (await agents(context)).every(({ id }) => id !== offer.agent_id.value),
        );
      });
    },
  },
  {
    name: 'an agent that was marked gone while it was away is refused when it comes back',
    source: 'src/master/master.cpp, Master::_reregisterSlave: "Refusing reregistration of agent … because it is already marked gone"',
    needs: ['kill-agent', 'start-agent', 'renew-agent'],
    run: async (context) => {
      const framework = await context.framework();
      const offer = await launchedLong(framework);
      await context.control.perform('kill-agent', offer.hostname);
      await gone(context, offer, async () => {
        expectFields('the status', await framework.end('t'), wanted);
        await context.control.perform('start-agent', offer.hostname);
        // Longer than it takes to be let in.
        const until = Date.now() + Math.min(silenceMs(context), 5000);
        while (Date.now() < until) {
          expectTrue(
            'it is not let in',
            (await agents(context)).every(({ id }) => id !== offer.agent_id.value),
          );
          await context.wait(200);
        }
      });
    },
  },
  {
    name: 'DRAIN_AGENT with mark_gone: its tasks are killed and told as GONE_BY_OPERATOR, and then the agent is gone',
    source: 'docs/maintenance.md#automatic-draining; src/master/master.cpp, Master::checkAndTransitionDrainingAgent',
    since: '1.9',
    needs: ['renew-agent'],
    run: async (context) => {
      if (context.facts.isShared) notRun('other frameworks are there, whose tasks it would cost');
      const framework = await context.framework();
      const offer = await launchedLong(framework);
      const { agent_id } = offer;
      await operate(context, { type: 'DRAIN_AGENT', drain_agent: { agent_id, mark_gone: true } } as { readonly type: string });
      try {
        expectFields('the end', await framework.end('t'), { state: 'TASK_GONE_BY_OPERATOR', reason: 'REASON_AGENT_DRAINING', agent_id });
        await framework.until('FAILURE', (events) =>
          events.find(({ failure }) => failure?.agent_id?.value === agent_id.value && failure.executor_id === undefined),
        );
        const { state, message } = await framework.reconcile('t', agent_id.value);
        expectEqual('its reconciliation', { state, message }, { state: 'TASK_GONE_BY_OPERATOR', message: 'Reconciliation: Task is gone' });
      } finally {
        await renewed(context, offer);
      }
    },
  },
]);
