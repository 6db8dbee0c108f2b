import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { viewOfObserved } from './testing/compare.js';
import { differencesBetween, unexplained } from './testing/compare-differences.js';
import { FailoverScript, seenIn, type FailoverSeen } from './testing/failover-script.js';
import { readRecording, recordings } from './testing/recording.js';
import { startTestCluster, stopTestClusters } from './testing/test-cluster.js';

const folders = readdirSync(recordings).filter((name) => name.startsWith('master-failover'));

const viewOf = ({ answers, streams }: FailoverSeen) => ({ ...viewOfObserved({ streams, closed: new Set(), answers: [] }), answers });

const play = async (folder: string) => {
  const isReplicated = folder.includes('replicated-log');
  const cluster = await startTestCluster({
    masters: isReplicated ? 3 : 2,
    registry: isReplicated ? 'replicated_log' : 'in_memory',
    zk: `zk://${inject('zookeeper')}/failover-${randomUUID()}`,
    zkSessionTimeoutMs: 1000,
    agents: 2,
    resources: 'cpus:4;mem:8192;disk:10000',
    allocationIntervalMs: 1000,
    registrationBackoffFactorMs: 1000,
  });
  const recording = readRecording(folder);
  return differencesBetween(viewOf(seenIn(recording)), viewOf(await new FailoverScript(cluster, recording).run()));
};

afterAll(stopTestClusters);

describe.concurrent('what Mesos did when its leading master was killed, the local cluster does', () => {
  it.each(folders)('%s', async (folder) => {
    expect(unexplained(folder, await play(folder))).toEqual([]);
  });
});
