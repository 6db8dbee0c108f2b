import * as calls from '@streams-on-mesos/mesos';
import type { SchedulerClient } from '@streams-on-mesos/mesos';
import type { Effect, MarathonEvent } from '../domain/events.js';

export type MesosEffect = Exclude<Effect, { type: 'log' | 'probe' }>;

function toCall(effect: MesosEffect): calls.SchedulerCallBody | undefined {
  switch (effect.type) {
    case 'accept':
      return calls.accept([effect.offerId], [{ type: 'LAUNCH', launch: { task_infos: [...effect.tasks] } }], {
        refuse_seconds: effect.refuseSeconds,
      });
    case 'decline':
      return calls.decline(effect.offerIds, { refuse_seconds: effect.refuseSeconds });
    case 'suppress':
      return calls.suppress();
    case 'revive':
      return calls.revive();
    case 'kill':
      return calls.kill(effect.taskId, effect.agentId);
    case 'reconcile':
      return calls.reconcile(effect.tasks);
    case 'acknowledge':
      return calls.acknowledge(effect.status);
  }
}

/**
 * Sends the call of an effect. What became of a launch is an event; kills, reconciliation and REVIVE are repeated from the state anyway, and
 * an update without ACKNOWLEDGE comes again.
 */
export async function send(client: SchedulerClient, effect: MesosEffect, handle: (event: MarathonEvent) => void): Promise<void> {
  const call = toCall(effect);
  if (!call) return;
  const { result } = await client.call(call);
  if (effect.type !== 'accept' || result === 'sent') return;
  const taskIds = effect.tasks.map(({ task_id }) => task_id.value);
  handle({ type: result === 'not-sent' ? 'not-launched' : 'call-lost', taskIds });
}
