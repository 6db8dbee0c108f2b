// Several masters, of which one leads: who it is, and that all agree.
import { setTimeout as delay } from 'node:timers/promises';
import { WireClient } from '../testing/wire-client.js';
import { durationMs, type ClusterFacts } from './cluster-facts.js';
import { authorization } from './credential.js';
import { standbysAmong } from './find-leader.js';
import type { RunSettings } from './run-settings.js';

const POLL_MS = 50;
/** Masters that come back need their election, and ZooKeeper the time of a lost session before it. */
const LONGEST_MS = 60_000;

/** http://host:port of whom this master takes for the leader; undefined: it is dead, or knows none. */
export async function leaderAccordingTo(url: string, { credential, patienceMs }: RunSettings): Promise<string | undefined> {
  const client = new WireClient(url, 'json', { headers: authorization(credential), timeoutMs: patienceMs });
  try {
    const { headers } = await client.exchange({ method: 'GET', path: '/redirect' });
    return headers.location === undefined ? undefined : new URL(headers.location, url).origin;
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}

/** How long it may take until another master leads: its ZooKeeper session has to be over. */
export const electionMs = ({ flags }: ClusterFacts, patienceMs: number): number =>
  2 * (durationMs(flags['zk_session_timeout']) ?? 10_000) + patienceMs;

/** The settings with who leads now as `url`. @throws Error when the masters live and agree on nobody */
export async function settledMasters(settings: RunSettings): Promise<RunSettings> {
  const masters = [settings.url, ...settings.standbys];
  for (const deadline = Date.now() + LONGEST_MS; Date.now() < deadline; await delay(POLL_MS)) {
    const leaders = await Promise.all(masters.map((master) => leaderAccordingTo(master, settings)));
    const [url] = leaders;
    if (url === undefined || leaders.some((leader) => leader !== url)) continue;
    const { credential, patienceMs } = settings;
    const standbys = await standbysAmong(masters, url, { headers: authorization(credential), timeoutMs: patienceMs }).catch(
      () => undefined,
    );
    // One died meanwhile.
    if (standbys === undefined) continue;
    return { ...settings, url, standbys };
  }
  throw new Error(`${masters.join(', ')} do not agree on a leader within ${LONGEST_MS} ms`);
}
