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
  readonly handle: (event: DriverEvent) => void;
  readonly logger: Logger;
}

/** How the subscription ended for good: on request, because another instance took the framework over, or because Mesos removed it. */
export type SubscriptionEnd = 'stopped' | 'failed-over' | 'removed';

/**
 * Passes what Mesos says on to the driver. While a new framework id is being stored nothing is taken, for nothing of a
 * subscription may be published before its id is durable: it waits in the client, and beyond its bounds at the master.
 */
export const readSubscription = async (
  notices: AsyncIterable<SchedulerNotice>,
  { handle, logger, storeFrameworkId, storedFrameworkId, carried, master }: SubscriptionReader,
): Promise<SubscriptionEnd> => {
  let stored = storedFrameworkId;
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

  for await (const notice of notices) {
    if (notice.kind === 'subscribed' && notice.frameworkId !== stored) {
      await storeFrameworkId(notice.frameworkId);
      stored = notice.frameworkId;
    }
    pass(notice);
  }
  return end;
};
