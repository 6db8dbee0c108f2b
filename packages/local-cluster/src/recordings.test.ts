import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewOfObserved, viewOfRecording, type View } from './testing/compare.js';
import { readRecording } from './testing/recording.js';
import { Replay } from './testing/replay.js';
import { startTestCluster, stopTestClusters } from './testing/test-cluster.js';

const testdata = join(import.meta.dirname, '../testdata');
const folders = readdirSync(testdata).filter((name) => /\.(json|pb)$/.test(name) && name !== 'operator-state.json');

/**
 * When the allocator's cycle meets a task's end decides whether what came free is offered at once or in parts, so of an agent's
 * offers only the first is the same each time.
 */
const withoutLaterOffers = (view: View): View => ({
  ...view,
  streams: Object.fromEntries(
    Object.entries(view.streams).map(([stream, { offers, ...rest }]) => [
      stream,
      { ...rest, offers: Object.fromEntries(Object.entries(offers).map(([host, [first]]) => [host, first === undefined ? [] : [first]])) },
    ]),
  ),
});

const play = async (folder: string): Promise<{ here: View; there: View }> => {
  const attributes = ['rack:a;zone:1', 'rack:b;zone:2'];
  const cluster = await startTestCluster({ agents: 2, resources: 'cpus:4;mem:8192;disk:10000', attributes, allocationIntervalMs: 1000 });
  const recording = readRecording(testdata, folder);
  return { here: viewOfObserved(await new Replay(cluster.url, recording).run()), there: viewOfRecording(recording) };
};

describe('what Mesos did, the local cluster does', () => {
  const played = new Map<string, Awaited<ReturnType<typeof play>>>();

  // Most of the time is the recordings' own waiting, so they are all played at once.
  beforeAll(async () => {
    await Promise.all(folders.map(async (folder) => played.set(folder, await play(folder))));
  }, 30_000);
  afterAll(stopTestClusters);

  it.each(folders)('%s', (folder) => {
    const { here, there } = played.get(folder) ?? expect.fail('was not played');
    expect(withoutLaterOffers(here)).toEqual(withoutLaterOffers(there));
  });
});
