import { campaign, createLogger, ZooKeeperConnection } from '../index.js';

// The campaigner that paused-leader.integration.test.ts pauses: says on stdout what becomes of its leadership.
const [connectString = '', path = ''] = process.argv.slice(2);
const say = (event: object): boolean => process.stdout.write(`${JSON.stringify(event)}\n`);
const logger = createLogger('test-campaigner', 'silent');
const zookeeper = await ZooKeeperConnection.connect(connectString, { sessionTimeoutMs: 4000, logger });

await campaign({
  zookeeper,
  path,
  instance: String(process.pid),
  logger,
  signal: new AbortController().signal,
  lead: async ({ term, node, session, signal }) => {
    say({ event: 'won', term });
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    const write = await session
      .transaction()
      .check(node)
      .create(`${path}/written-late`, undefined)
      .commit()
      .then(
        () => 'written',
        (error: unknown) => (error as { code: string }).code,
      );
    say({ event: 'lost', term, write });
  },
});
