import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import { afterAll, expect, it } from 'vitest';
import { offersEvent, OfferWorld } from './testing/offer-world.js';

const world = OfferWorld.forEachTest();
const directory = mkdtempSync(join(tmpdir(), 'offer-service-clock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;

/** What a process loads first, so that SIGUSR2 sets its clock. */
const settableClock = (byMs: number): Record<string, string> => {
  const file = join(directory, `by${byMs}.mjs`);
  const clock = `let set = 0; const { now } = Date; Date.now = () => now() + set; process.once('SIGUSR2', () => (set = ${byMs}));`;
  writeFileSync(file, clock);
  return { NODE_OPTIONS: `--import ${file}` };
};

it.each([
  ['back', -HOUR_MS],
  ['forward', HOUR_MS],
])('a clock that is set %s holds nothing up that waits for its time', async (_way, byMs) => {
  const process = await world.startFlowing({ ...settableClock(byMs), OFFER_HOLD_SECS: '2' });
  world.mesos.send(offersEvent('o1', 'o2'));
  await world.allocation.offer(1);
  // so many that the rest waits for the next second
  const tasks = Array.from({ length: 1_500 }, (_, n) => ({ task_id: `t${n}` }));
  const reconciled = world.allocation.call({ reconcile: { tasks } });
  await until('the first of it', 10_000, () => world.mesos.ofType('RECONCILE').length === 1, 5);
  globalThis.process.kill(process.part.process.pid, 'SIGUSR2');
  expect(await reconciled).toMatchObject({ result: 'SENT' });
  await until('the offers that nobody answers are declined', 10_000, () => world.allocation.rescinded.length === 2, 20);
  world.mesos.send(offersEvent('o3'));
  await until('o3', 5_000, () => world.allocation.offers.some(({ id }) => id.value === 'o3'), 20);
  const age = (await process.state()).offers.find(({ id }) => id === 'o3')?.age_ms;
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(5_000);
});
