import type { ZooKeeperSession } from '@streams-on-mesos/service';

/** What proves to ZooKeeper, inside a transaction, that the writer leads still. */
export interface Fence {
  readonly session: ZooKeeperSession;
  /** path of the leader's own election node; gone once the leadership is */
  readonly node: string;
  readonly term: number;
}

/** A transaction that changes nothing once the leadership has ended, however late it arrives. */
export const checked = (fence: Fence): ReturnType<ZooKeeperSession['transaction']> => fence.session.transaction().check(fence.node);

const READS_AT_ONCE = 64;
/** A transaction of 100 takes ZooKeeper some 180 ms, in which the journal would wait. */
const REMOVES_AT_ONCE = 20;

/** The data of all nodes, in the order of `paths`. @throws Error naming the first node that is missing */
export const readAll = async (session: ZooKeeperSession, paths: readonly string[]): Promise<Buffer[]> => {
  const all: Buffer[] = [];
  for (let from = 0; from < paths.length; from += READS_AT_ONCE) {
    const some = await Promise.all(
      paths.slice(from, from + READS_AT_ONCE).map(async (path) => {
        const node = await session.get(path);
        if (node === undefined) throw new Error(`${path} is missing`);
        return node.data;
      }),
    );
    all.push(...some);
  }
  return all;
};

export const removeAll = async (fence: Fence, paths: readonly string[]): Promise<void> => {
  for (let from = 0; from < paths.length; from += REMOVES_AT_ONCE) {
    const transaction = checked(fence);
    for (const path of paths.slice(from, from + REMOVES_AT_ONCE)) transaction.remove(path);
    await transaction.commit();
  }
};
