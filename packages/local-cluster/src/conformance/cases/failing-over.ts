// The leading master dies, and another one leads in its place.
import type { Offer } from '../../generated/protocol.js';
import type { CaseContext } from '../case-context.js';
import type { Framework } from '../framework.js';
import { electionMs, leaderAccordingTo } from '../settled-masters.js';
import { task } from '../tasks.js';

/** The master is dead for the time of `meanwhile`. */
export const killed = async (context: CaseContext, master: string, meanwhile: () => Promise<void>): Promise<void> => {
  const { host } = new URL(master);
  await context.control.perform('kill-master', host);
  try {
    await meanwhile();
  } finally {
    await context.control.perform('start-master', host);
  }
};

/** Whether it leads and has read its registry: a call then gets so far as to miss its framework. */
const leads = async (context: CaseContext): Promise<true | undefined> => {
  const answer = await context.post(JSON.stringify({ type: 'REVIVE', framework_id: { value: 'nobody' } })).catch(() => undefined);
  return answer?.status === 400 ? true : undefined;
};

/** The leader is dead for the time of `meanwhile`; the context is with its successor. */
export const failedOver = (context: CaseContext, meanwhile: () => Promise<void>): Promise<void> => {
  const old = context.url;
  return killed(context, old, async () => {
    const ms = electionMs(context.facts, context.patienceMs);
    const next = await context.eventually(
      'another leader',
      async () => {
        const found = await Promise.all(context.settings.standbys.map((standby) => leaderAccordingTo(standby, context.settings)));
        return found.find((one) => one !== undefined && one !== old);
      },
      ms,
    );
    context.follow(next);
    await context.eventually('its recovery', () => leads(context), ms);
    await meanwhile();
  });
};

/** The agent stands still for the time of `meanwhile`. */
export const paused = async (context: CaseContext, { hostname }: Offer, meanwhile: () => Promise<void>): Promise<void> => {
  await context.control.perform('pause-agent', hostname);
  try {
    await meanwhile();
  } finally {
    await context.control.perform('resume-agent', hostname);
  }
};

export const launchedLong = async (framework: Framework): Promise<Offer> => {
  const offer = await framework.launch([task('t', 'sleep 600')]);
  await framework.status('t', 'TASK_RUNNING');
  return offer;
};

/** The leader has the agent on its books, and it is active. */
export const agentIsBack = (context: CaseContext, { agent_id }: Offer, ms: number): Promise<unknown> =>
  context.eventually(
    'the agent',
    async () => {
      const { slaves } = await context.getJson<{ slaves: { id: string; active: boolean }[] }>('/slaves');
      return slaves.find(({ id, active }) => id === agent_id.value && active);
    },
    ms,
  );
