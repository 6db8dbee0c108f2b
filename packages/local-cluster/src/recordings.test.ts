import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from './cluster/fault-request.js';
import { viewOfObserved, viewOfRecording } from './testing/compare.js';
import { differencesBetween, obsolete, unexplained } from './testing/compare-differences.js';
import type { Difference } from './testing/differences.js';
import { readRecording, recordings } from './testing/recording.js';
import { Replay } from './testing/replay.js';
import { startTestCluster, stopTestClusters } from './testing/test-cluster.js';

const shownElsewhere = /^(operator|master-failover.*)\.|^zookeeper\.json$/;
const folders = readdirSync(recordings).filter((name) => /\.(json|pb)$/.test(name) && !shownElsewhere.test(name));

/** What no line of the recording says; `ms` as can be told from what followed. What came before it, comes before it here, too. */
const doneToTheCluster: Readonly<Record<string, readonly { readonly ms: number; readonly fault: FaultName }[]>> = {
  'agent-lost': [
    { ms: 3_000, fault: 'pause-agent' },
    { ms: 9_000, fault: 'return-agent' },
  ],
  'agent-restart': [
    { ms: 1_500, fault: 'kill-agent' },
    { ms: 2_500, fault: 'return-agent' },
  ],
};

/**
 * Where a recording shows what a cycle does, or that no cycle is needed, chance must not decide whether one falls between two of its
 * lines. All others are played with Mesos's own interval.
 */
const allocationIntervals: Readonly<Record<string, number>> = { 'filters-and-constraints': 250, maintenance: 60_000 };

const situationOf = (folder: string): string => folder.replace(/\.\w+$/, '');

const play = async (folder: string): Promise<Difference[]> => {
  const attributes = ['rack:a;zone:1', 'rack:b;zone:2'];
  const cluster = await startTestCluster({
    agents: 2,
    resources: 'cpus:4;mem:8192;disk:10000',
    attributes,
    allocationIntervalMs: allocationIntervals[situationOf(folder)] ?? 1000,
    // Where none is lost, none may be because this machine is busy.
    ...(situationOf(folder) === 'agent-lost' ? { agentPingTimeoutMs: 1000, maxAgentPingTimeouts: 3 } : {}),
  });
  const recording = readRecording(folder);
  const interventions = (doneToTheCluster[situationOf(folder)] ?? []).map(({ ms, fault }) => ({
    ms,
    act: () => void cluster.faults.set({ fault, agent: '127.0.0.11' }),
  }));
  return differencesBetween(viewOfRecording(recording), viewOfObserved(await new Replay(cluster.url, recording, interventions).run()));
};

describe('what Mesos did, the local cluster does', () => {
  const played = new Map<string, Difference[]>();
  const unplayable = new Map<string, unknown>();

  // Most of the time is the recordings' own waiting, so they are all played at once.
  beforeAll(async () => {
    await Promise.all(
      folders.map(async (folder) => {
        try {
          played.set(folder, await play(folder));
        } catch (error) {
          unplayable.set(folder, error);
        }
      }),
    );
  }, 120_000);
  afterAll(stopTestClusters);

  it.each(folders)('%s', (folder) => {
    if (unplayable.has(folder)) throw unplayable.get(folder);
    expect(unexplained(folder, played.get(folder) ?? expect.fail('was not played'))).toEqual([]);
  });

  it('no difference is listed that does not occur any more', () => {
    expect(obsolete(played)).toEqual([]);
  });
});
