import { setTimeout as delay } from 'node:timers/promises';
import { abortable } from '../abortable.js';
import { backoffMs, pause } from '../backoff.js';
import { componentLogger, type Logger } from '../log/logger.js';
import { Candidacy } from './candidacy.js';
import type { ZooKeeperConnection } from './connection.js';
import type { ElectionNode } from './election-node.js';
import type { ZooKeeperSession } from './session.js';

export interface Leadership {
  /** The sequence number of the election node: grows with every leader. */
  readonly term: number;
  /** Path of the election node: what a write must check in its transaction. */
  readonly node: string;
  /** The session that owns the node. */
  readonly session: ZooKeeperSession;
  /** Aborted when leadership is lost or given up. */
  readonly signal: AbortSignal;
}

export interface CampaignOptions {
  readonly zookeeper: ZooKeeperConnection;
  readonly path: string;
  /** Kept in the election node, so that an operator sees who leads. */
  readonly instance: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /**
   * Called at each win; must return soon after `leadership.signal` aborts. Returning or throwing before that gives
   * leadership up: the node is removed and, after a pause, this instance campaigns again.
   */
  readonly lead: (leadership: Leadership) => Promise<void>;
  /** Called whenever this instance waits behind a leader. */
  readonly onStandby?: () => void;
}

const LEAVE_WITHIN_MS = 1_000;
const STEP_DOWN_BACKOFF = { firstMs: 500, maxMs: 30_000 };
/** A leader that held out for so long has not failed at once: its next pause is a short one again. */
const STEADY_MS = 60_000;

const leadWith = async (options: CampaignOptions, session: ZooKeeperSession, candidacy: Candidacy, own: ElectionNode): Promise<void> => {
  const over = new AbortController();
  const end = (reason: string): void => over.abort(new DOMException(reason, 'AbortError'));
  const onLost = (): void => end('the ZooKeeper session is lost');
  const onStop = (): void => end('asked to stop');
  session.lost.addEventListener('abort', onLost);
  options.signal.addEventListener('abort', onStop);
  if (session.lost.aborted) onLost();
  if (options.signal.aborted) onStop();
  candidacy.untilGone(own, over.signal).then(
    () => end('the election node is gone'),
    () => end('the election node cannot be watched'),
  );
  try {
    await options.lead({ term: own.sequence, node: `${options.path}/${own.name}`, session, signal: over.signal });
    if (!over.signal.aborted) throw new Error('the leader has stopped by itself');
  } finally {
    end('leadership was given up');
    session.lost.removeEventListener('abort', onLost);
    options.signal.removeEventListener('abort', onStop);
  }
};

/** Takes part in the election at `path` until `signal` aborts; then resolves. */
export const campaign = async (options: CampaignOptions): Promise<void> => {
  const { zookeeper, path, signal } = options;
  const logger = componentLogger(options.logger, 'zookeeper');
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = performance.now();
    let candidacy: Candidacy | undefined;
    try {
      const session = await zookeeper.whenSession(signal);
      candidacy = new Candidacy(session, path, options.instance);
      const own = await abortable(candidacy.enter(), signal);
      const onBehind = (): void => {
        logger.info({ path, node: own.name }, 'standing by');
        options.onStandby?.();
      };
      if (await candidacy.untilLeader(signal, onBehind)) {
        logger.info({ path, term: own.sequence }, 'leading');
        await leadWith(options, session, candidacy, own);
        logger.info({ path, term: own.sequence }, 'no longer leading');
      }
      failures = 0;
    } catch (error) {
      if (!signal.aborted) {
        failures = performance.now() - startedAt > STEADY_MS ? 1 : failures + 1;
        logger.error({ error, path, failures }, 'stepped out of the election, will come back');
      }
    }
    const left = candidacy?.leave().catch((error: unknown) => logger.warn({ error, path }, 'cannot remove the election node'));
    // One that stops ends its session next, and the node with it: a server that does not answer is not waited for.
    await (signal.aborted ? Promise.race([left, delay(LEAVE_WITHIN_MS, undefined, { ref: false })]) : left);
    if (failures > 0) await pause(backoffMs(failures, STEP_DOWN_BACKOFF, Math.random()), signal);
  }
};
