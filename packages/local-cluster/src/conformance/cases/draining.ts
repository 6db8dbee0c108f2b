// The operator takes an agent out of the offers, or empties it. Others' tasks would be killed, so nobody else may be there.
import type { Offer } from '../../generated/protocol.js';
import { alone } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, expectTrue, notRun } from '../expect.js';
import { task } from '../tasks.js';
import { operate, operatorCall } from './operator-call.js';
import { expectRefusal } from './refusals.js';

const SINCE = '1.9';
const source = 'docs/maintenance.md#automatic-draining; src/master/http.cpp';

const sameAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

interface AgentView {
  readonly id: string;
  readonly active: boolean;
  readonly deactivated?: boolean;
  readonly drain_info?: { readonly state: string; readonly config: unknown };
}

const agentView = async (context: CaseContext, { agent_id }: Offer): Promise<AgentView | undefined> =>
  (await context.getJson<{ slaves: AgentView[] }>('/slaves')).slaves.find(({ id }) => id === agent_id.value);

const drained = (context: CaseContext, offer: Offer): Promise<AgentView> =>
  context.eventually('that the agent is DRAINED', async () => {
    const view = await agentView(context, offer);
    return view?.drain_info?.state === 'DRAINED' ? view : undefined;
  });

/** What the call does to the agent is undone whatever comes. */
const until = async (
  context: CaseContext,
  { agent_id }: Offer,
  call: { readonly type: string },
  meanwhile: (reactivate: () => Promise<void>) => Promise<void>,
): Promise<void> => {
  if (context.facts.isShared) notRun('other frameworks are there, whose tasks and offers it would cost');
  const reactivate = { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } };
  await operate(context, call);
  try {
    await meanwhile(() => operate(context, reactivate));
  } finally {
    // One that still drains, or is active again, refuses.
    await context.eventually('the reactivation', async () =>
      /still in the DRAINING/.test((await operatorCall(context, reactivate)).body) ? undefined : true,
    );
  }
};

export const drainingCases = alone([
  {
    name: 'DRAIN_AGENT kills the tasks of the agent within max_grace_period, and nothing of it is offered until REACTIVATE_AGENT',
    source: `${source}, Master::Http::drainAgent; src/slave/slave.cpp, Slave::drain`,
    since: SINCE,
    run: async (context) => {
      const framework = await context.framework();
      const patient = task('t', 'trap "" TERM; echo up; while :; do sleep 0.1; done', {
        kill_policy: { grace_period: { nanoseconds: 600e9 } },
      });
      const offer = await framework.launch([patient]);
      await framework.status('t', 'TASK_RUNNING');
      const rest = await framework.expectOffer('the rest', sameAgent(offer));
      const { agent_id } = offer;
      const call = { type: 'DRAIN_AGENT', drain_agent: { agent_id, max_grace_period: { seconds: 1 } } };
      await until(context, offer, call, async (reactivate) => {
        await framework.until('RESCIND', () => (framework.isRescinded(rest) ? true : undefined));
        expectFields('the end', await framework.end('t'), { state: 'TASK_KILLED', reason: 'REASON_AGENT_DRAINING', agent_id });
        const view = await drained(context, offer);
        const config = { max_grace_period: { nanoseconds: 1_000_000_000 }, mark_gone: false };
        expectFields('the agent', view, { active: false, deactivated: true, drain_info: { state: 'DRAINED', config } });
        await framework.expectNoOffer('an offer of an agent that is drained', sameAgent(offer), 2 * context.facts.allocationIntervalMs);
        await reactivate();
        await framework.expectOffer('the agent', sameAgent(offer));
      });
    },
  },
  {
    name: 'DEACTIVATE_AGENT rescinds the offers of the agent and leaves its tasks alone; REACTIVATE_AGENT has it offered again',
    source: `${source}, Master::Http::deactivateAgent, Master::Http::reactivateAgent`,
    since: SINCE,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t', 'sleep 600')]);
      await framework.status('t', 'TASK_RUNNING');
      const rest = await framework.expectOffer('the rest', sameAgent(offer));
      const { agent_id } = offer;
      const call = { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } };
      await until(context, offer, call, async (reactivate) => {
        await framework.until('RESCIND', () => (framework.isRescinded(rest) ? true : undefined));
        await framework.expectNoOffer('an offer of a deactivated agent', sameAgent(offer), 2 * context.facts.allocationIntervalMs);
        expectFields('the agent', await agentView(context, offer), { active: false, deactivated: true });
        await reactivate();
        await framework.expectOffer('the agent', sameAgent(offer));
      });
      expectEqual('the task', (await framework.reconcile('t')).state, 'TASK_RUNNING');
      expectTrue(
        'it was left alone',
        framework.states('t').every((state) => /STARTING|RUNNING/.test(state)),
        framework.states('t'),
      );
    },
  },
  {
    name: 'an agent that is unknown can not be drained, nor one that is active reactivated (400)',
    source: `${source}, Master::Http::_drainAgent, Master::Http::_reactivateAgent`,
    since: SINCE,
    run: async (context) => {
      const unknown = { value: 'no-such-agent' };
      expectRefusal(
        'DRAIN_AGENT',
        await operatorCall(context, { type: 'DRAIN_AGENT', drain_agent: { agent_id: unknown } }),
        400,
        'Unknown agent',
      );
      const deactivate = { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: unknown } };
      expectRefusal('DEACTIVATE_AGENT', await operatorCall(context, deactivate), 400, 'Unknown agent');
      const [agent] = context.facts.agents;
      if (agent === undefined) return notRun('needs an agent');
      const reactivate = { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: agent.id } } };
      expectRefusal('REACTIVATE_AGENT', await operatorCall(context, reactivate), 400, 'Agent is not deactivated');
    },
  },
]);
