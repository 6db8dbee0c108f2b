import { retryOnConnectionLoss, type FrameworkPaths, type Leadership, type ZooKeeperSession } from '@streams-on-mesos/service';

/** The id that an earlier subscription got: with it the tasks stay ours. @throws ZooKeeperError */
export const loadFrameworkId = async (session: ZooKeeperSession, paths: FrameworkPaths): Promise<string | undefined> => {
  const node = await retryOnConnectionLoss(() => session.get(paths.frameworkId));
  const stored = node?.data.toString('utf8').trim();
  return stored === '' ? undefined : stored;
};

/** Written only while this instance leads: the transaction checks its election node. @throws ZooKeeperError */
export const storeFrameworkId = ({ node, session }: Leadership, paths: FrameworkPaths, frameworkId: string): Promise<void> => {
  const data = Buffer.from(frameworkId, 'utf8');
  // the same id may be written twice, so a write whose answer got lost is simply repeated
  return retryOnConnectionLoss(async () => {
    const transaction = session.transaction().check(node);
    if (await session.exists(paths.frameworkId)) transaction.set(paths.frameworkId, data);
    else transaction.create(paths.frameworkId, data);
    await transaction.commit();
  });
};
