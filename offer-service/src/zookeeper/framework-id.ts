import type { FrameworkPaths, Leadership, ZooKeeperSession } from '@streams-on-mesos/service';

/** The id that an earlier subscription got: with it the tasks stay ours. */
export const loadFrameworkId = async (session: ZooKeeperSession, paths: FrameworkPaths): Promise<string | undefined> => {
  const stored = (await session.get(paths.frameworkId))?.data.toString('utf8').trim();
  return stored === '' ? undefined : stored;
};

/** Written only while this instance leads: the transaction checks its election node. @throws ZooKeeperError */
export const storeFrameworkId = async ({ node, session }: Leadership, paths: FrameworkPaths, frameworkId: string): Promise<void> => {
  const data = Buffer.from(frameworkId, 'utf8');
  const transaction = session.transaction().check(node);
  if (await session.exists(paths.frameworkId)) transaction.set(paths.frameworkId, data);
  else transaction.create(paths.frameworkId, data);
  await transaction.commit();
};
