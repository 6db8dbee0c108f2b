// The master ends and comes back, or another in its place.
import { alone } from '../case.js';
import { expectEqual, expectFields, expectMatch } from '../expect.js';
import { task } from '../tasks.js';
import { silenceMs } from './silence.js';

export const masterFailoverCases = alone([
  {
    name: 'what the master forgot comes back with the framework and its agents',
    source: 'docs/high-availability.md; src/master/master.cpp, Master::_reregisterSlave, recoverFramework',
    needs: ['kill-master', 'start-master'],
    run: async (context) => {
      const first = await context.framework();
      const offer = await first.launch([task('t', 'sleep 600')]);
      await first.status('t', 'TASK_RUNNING');
      const master = new URL(context.settings.url).host;
      await context.control.perform('kill-master', master);
      try {
        await first.subscription.untilClosed(context.patienceMs);
      } finally {
        await context.control.perform('start-master', master);
      }
      const refusal = await context.eventually(
        'a master',
        async () => {
          const answer = await first.call({ type: 'REVIVE' }).catch(() => undefined);
          return answer === undefined || answer.status === 503 || answer.status === 404 ? undefined : answer;
        },
        silenceMs(context),
      );
      expectMatch('a call before the subscription', refusal.body, /^Framework (cannot be found|is not subscribed)$/);
      const second = await context.again(first);
      expectEqual('the id', second.id, first.id);
      await context.eventually(
        'the agent',
        async () => {
          const { slaves } = await context.getJson<{ slaves: { id: string }[] }>('/slaves');
          return slaves.find(({ id }) => id === offer.agent_id.value);
        },
        silenceMs(context),
      );
      const status = await second.reconcile('t', offer.agent_id.value);
      expectFields('the task', status, { state: 'TASK_RUNNING', agent_id: offer.agent_id });
    },
  },
]);
