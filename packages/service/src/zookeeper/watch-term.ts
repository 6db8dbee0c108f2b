import { abortable } from '../abortable.js';
import { pause } from '../backoff.js';
import { untilChange } from './candidacy.js';
import type { ZooKeeperConnection } from './connection.js';
import { candidates } from './election-node.js';
import { hasCode, retryOnConnectionLoss } from './zookeeper-error.js';

const RETRY_MS = 500;

/**
 * Calls `onTerm` with the term in force at `path`, undefined while there is no leader: at once and at each change, until
 * `signal` aborts. While ZooKeeper is away the last one stays.
 */
export const watchTerm = async (
  zookeeper: ZooKeeperConnection,
  path: string,
  onTerm: (term: number | undefined) => void,
  signal: AbortSignal,
): Promise<void> => {
  let known: { readonly term: number | undefined } | undefined;
  while (!signal.aborted) {
    try {
      const session = await zookeeper.whenSession(signal);
      await abortable(session.ensurePath(path), signal);
      while (!signal.aborted && !session.lost.aborted) {
        await untilChange(session, signal, async (changed) => {
          const names = await retryOnConnectionLoss(() => session.children(path, changed));
          const term = candidates(names)[0]?.sequence;
          if (!signal.aborted && (known === undefined || known.term !== term)) onTerm((known = { term }).term);
          return true;
        });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!hasCode(error, 'SESSION_EXPIRED')) await pause(RETRY_MS, signal);
    }
  }
};
