import { until } from '@streams-on-mesos/local-environment';
import { expect, it, onTestFinished } from 'vitest';
import { EventReader, type ReadEvent } from './testing/event-reader.js';
import { bundleForTests, FrameworkOnTheWire } from './testing/framework-on-the-wire.js';

const bundle = bundleForTests();

it('the changes can be followed over a crash of the leader: the next one tells all there is, and goes on', async () => {
  // Answers the hello of each leader, too, without which none is ready.
  const framework = await FrameworkOnTheWire.begin(bundle.path);
  onTestFinished(() => framework.end());
  const follow = async (url: string, lastEventId?: string): Promise<EventReader> => {
    const reader = await EventReader.open(url, lastEventId);
    onTestFinished(() => reader.close());
    return reader;
  };

  const leader = await framework.start();
  await leader.untilReady('leader');
  const standby = await framework.start();
  await standby.untilReady('standby');

  // A standby sends who follows to the leader.
  const first = await follow(standby.url);
  expect(await first.next()).toMatchObject({ event: 'snapshot', data: { resources: [] } });
  await leader.putConfig({ num_of_node: 2 });
  const seen: ReadEvent[] = [];
  while (seen.filter(({ event }) => event === 'resource').length < 2) seen.push(await first.next());
  const [one, ...others] = seen;

  const again = await follow(leader.url, one?.id);
  for (const event of others) expect(await again.next()).toEqual(event);

  await leader.kill();
  await expect(first.next()).rejects.toThrow();
  await standby.untilReady('leader');
  const next = await until('the next leader answers', 20_000, () => follow(standby.url, seen.at(-1)?.id).catch(() => undefined));
  const snapshot = await next.next();
  expect(snapshot).toMatchObject({
    event: 'snapshot',
    data: { config: { num_of_node: 2 }, resources: [{ id: 'resource_0', state: 'NEW' }, { id: 'resource_1' }] },
  });
  const termOf = ({ id }: ReadEvent): number => Number(id.split('-')[0]);
  expect(termOf(snapshot)).toBeGreaterThan(termOf(seen[0] ?? snapshot));
  await standby.putConfig({ num_of_node: 3 });
  const more: ReadEvent[] = [];
  while (!more.some(({ data }) => data['id'] === 'resource_2')) more.push(await next.next());
  expect(more.every(({ id }) => id.startsWith(`${termOf(snapshot)}-`))).toBe(true);
});
