import { randomUUID } from 'node:crypto';
import { electionNodePrefix, parseElectionNode, positionOf, type ElectionNode } from './election-node.js';
import type { ZooKeeperSession } from './session.js';
import { hasCode, retryOnConnectionLoss } from './zookeeper-error.js';

/** Resolves when `watch` reports a change, or when the session is lost or `signal` aborts. */
export const untilChange = (
  session: ZooKeeperSession,
  signal: AbortSignal,
  watch: (changed: () => void) => Promise<boolean>,
): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      session.lost.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    session.lost.addEventListener('abort', done);
    if (signal.aborted || session.lost.aborted) return done();
    watch(done).then((wait) => (wait ? undefined : done()), reject);
  });

/** One candidate in one election, on one session. */
export class Candidacy {
  readonly #guid = randomUUID();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly path: string,
    private readonly instance: string,
  ) {}

  /** Puts the node of this candidate behind all others. */
  async enter(): Promise<ElectionNode> {
    await this.session.ensurePath(this.path);
    for (;;) {
      try {
        const prefix = `${this.path}/${electionNodePrefix(this.#guid)}`;
        const created = await this.session.create(prefix, Buffer.from(this.instance), 'ephemeral-sequential');
        const node = parseElectionNode(created.slice(this.path.length + 1));
        if (node === undefined) throw new Error(`ZooKeeper created ${created}, which has no sequence number`);
        return node;
      } catch (error) {
        if (!hasCode(error, 'CONNECTION_LOSS')) throw error;
        // The node may be there all the same: a second one would stand in its own way.
        const position = await this.#position();
        if (position.position !== 'absent') return position.own;
      }
    }
  }

  /** Waits until nobody is before this candidate. Returns false when the session is lost or `signal` aborts first. */
  async untilLeader(signal: AbortSignal, onBehind: () => void): Promise<boolean> {
    for (;;) {
      const position = await this.#position();
      if (signal.aborted || this.session.lost.aborted) return false;
      if (position.position === 'absent') throw new Error(`the election node at ${this.path} was removed by somebody else`);
      if (position.position === 'leader') return true;
      onBehind();
      // Only the predecessor is watched, so that a leader's end does not wake every candidate.
      const predecessor = `${this.path}/${position.predecessor.name}`;
      await untilChange(this.session, signal, (changed) => retryOnConnectionLoss(() => this.session.exists(predecessor, changed)));
    }
  }

  /** Resolves when the node is gone, or when the session is lost or `signal` aborts. */
  async untilGone(node: ElectionNode, signal: AbortSignal): Promise<void> {
    let there = true;
    while (there && !signal.aborted && !this.session.lost.aborted) {
      await untilChange(this.session, signal, async (changed) => {
        there = await retryOnConnectionLoss(() => this.session.exists(`${this.path}/${node.name}`, changed));
        return there;
      });
    }
  }

  /** Takes the node away, as far as the session still can. */
  async leave(): Promise<void> {
    try {
      await retryOnConnectionLoss(async () => {
        const position = await this.#position();
        if (position.position !== 'absent') await this.session.remove(`${this.path}/${position.own.name}`);
      });
    } catch (error) {
      if (!hasCode(error, 'SESSION_EXPIRED', 'NO_NODE')) throw error;
    }
  }

  async #position(): Promise<ReturnType<typeof positionOf>> {
    return positionOf(this.#guid, await retryOnConnectionLoss(() => this.session.children(this.path)));
  }
}
