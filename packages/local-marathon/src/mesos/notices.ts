import type { Event, SchedulerClient, SchedulerNotice } from '@streams-on-mesos/mesos';
import type { MarathonEvent } from '../domain/events.js';

/** The framework can't go on: another instance runs with the same framework id. */
export class FailedOverError extends Error {
  override readonly name = 'FailedOverError';
}

/** Hands what the subscription tells to `handle`, until `signal` aborts. Throws FailedOverError. */
export async function followNotices(client: SchedulerClient, signal: AbortSignal, handle: (event: MarathonEvent) => void): Promise<void> {
  for await (const notice of client.subscribe({ signal })) {
    if (notice.kind === 'failed-over') {
      throw new FailedOverError(`another Marathon took over this framework (same --state-file?): ${notice.reason}`);
    }
    const event = toMarathonEvent(notice);
    if (event) handle(event);
  }
}

function toMarathonEvent(notice: Exclude<SchedulerNotice, { kind: 'failed-over' }>): MarathonEvent | undefined {
  switch (notice.kind) {
    case 'subscribed':
      return { type: 'subscribed', frameworkId: notice.frameworkId, newFramework: notice.newFramework };
    case 'event':
      return ofMesos(notice.event);
    case 'disconnected':
      return { type: 'disconnected' };
    case 'framework-removed':
      return { type: 'framework-removed' };
  }
}

/** A rescinded offer was used or declined already; what a lost agent means for tasks, their statuses say. */
function ofMesos({ offers, update }: Event): MarathonEvent | undefined {
  if (offers) return { type: 'offers', offers: offers.offers ?? [] };
  if (update) return { type: 'status', status: update.status };
  return undefined;
}
