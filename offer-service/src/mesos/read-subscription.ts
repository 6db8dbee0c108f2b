import type { SchedulerNotice } from '@streams-on-mesos/mesos';
import type { Logger } from '@streams-on-mesos/service';
import type { DriverEvent } from '../domain/events.js';
import type { SubscribeAttempt } from '../domain/roles/need-directives.js';
import { masterLimitsWith } from './master-limits.js';
import { toDriverEvent } from './to-driver-event.js';

export interface SubscriptionReader {
  /** Keeps the id where the next leader finds it; a rejection ends the reading, and the caller then ends the subscription. */
  readonly storeFrameworkId: (frameworkId: string) => Promise<void>;
  /** The id that is stored already. */
  readonly storedFrameworkId: string | undefined;
  /** What the SUBSCRIBE call that led to this subscription carried. */
  readonly carried: () => SubscribeAttempt;
  /** URL of the master that is subscribed to. */
  readonly master: () => string | undefined;
  /** How many notices wait for the framework id to be stored. */
  readonly onWaiting?: (count: number) => void;
  readonly handle: (event: DriverEvent) => void;
  readonly logger: Logger;
}

/** Notices that wait for a framework id to be stored, above which the stream is not read on. */
const MAX_WAITING = 1_000;

/** How the subscription ended for good: on request, because another instance took the framework over, or because Mesos removed it. */
export type SubscriptionEnd = 'stopped' | 'failed-over' | 'removed';

/**
 * Passes what Mesos says on to the driver. What comes while a new framework id is being stored waits here, for
 * nothing of a subscription may be published before its id is durable; beyond a bound it waits at the master.
 */
export const readSubscription = async (
  notices: AsyncIterable<SchedulerNotice>,
  { handle, logger, storeFrameworkId, storedFrameworkId, carried, master, onWaiting }: SubscriptionReader,
): Promise<SubscriptionEnd> => {
  let stored = storedFrameworkId;
  let storing: Promise<void> | undefined;
  let waiting: SchedulerNotice[] = [];
  let end: SubscriptionEnd = 'stopped';
  const limitsOf = masterLimitsWith(logger);

  const pass = (notice: SchedulerNotice): void => {
    end = 'stopped';
    switch (notice.kind) {
      case 'subscribed':
        logger.info({ frameworkId: notice.frameworkId, newFramework: notice.newFramework }, 'subscribed to Mesos');
        handle({
          type: 'subscribed',
          frameworkId: notice.frameworkId,
          master: master(),
          ...carried(),
          masterLimits: limitsOf(notice.masterInfo?.version),
        });
        return;
      case 'event': {
        const event = toDriverEvent(notice.event);
        if (event !== undefined) handle(event);
        return;
      }
      case 'disconnected':
        logger.warn({ reason: notice.reason }, 'the subscription to Mesos is lost');
        handle({ type: 'disconnected', reason: notice.reason, cause: notice.cause });
        return;
      case 'framework-removed':
        logger.error({ frameworkId: notice.frameworkId, reason: notice.reason }, 'Mesos has removed the framework: all its tasks are gone');
        handle({ type: 'disconnected', reason: notice.reason, cause: 'framework-removed' });
        end = 'removed';
        return;
      case 'failed-over':
        logger.error({ reason: notice.reason }, 'another instance has taken the framework over');
        handle({ type: 'disconnected', reason: notice.reason, cause: 'failed-over' });
        end = 'failed-over';
    }
  };

  const take = (notice: SchedulerNotice): void => {
    if (storing !== undefined) {
      waiting.push(notice);
      onWaiting?.(waiting.length);
    } else if (notice.kind === 'subscribed' && notice.frameworkId !== stored) {
      stored = notice.frameworkId;
      storing = storeFrameworkId(notice.frameworkId).then(() => {
        storing = undefined;
        pass(notice);
        const next = waiting;
        waiting = [];
        onWaiting?.(0);
        next.forEach(take);
      });
      // the race below sees the rejection; this only keeps it from counting as unhandled until then
      storing.catch(() => undefined);
    } else {
      pass(notice);
    }
  };

  const iterator = notices[Symbol.asyncIterator]();
  for (;;) {
    while (storing !== undefined && waiting.length >= MAX_WAITING) await storing;
    const next = iterator.next();
    const outcome = await (storing === undefined ? next : Promise.race([next, storing.then(() => next)]));
    if (outcome.done === true) break;
    take(outcome.value);
  }
  while (storing !== undefined) await storing;
  return end;
};
