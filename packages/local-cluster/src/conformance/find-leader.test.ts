import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters } from '../testing/test-cluster.js';
import { findLeader, standbysAmong } from './find-leader.js';

afterEach(stopTestClusters);

const options = { timeoutMs: 5_000 };

describe('the masters that the suite is told of', () => {
  it('one that does not lead is a standby, the leader is none by any name; each counts once', async () => {
    const leading = await startTestCluster({ agents: 0 });
    const following = await startTestCluster({ agents: 0, zk: 'zk://127.0.0.1:1/mesos' });
    const names = [leading.address, leading.address.replace('127.0.0.1', 'localhost')];
    expect(await standbysAmong([following.address, ...names, following.url], leading.url, options)).toEqual([following.url]);
    // As a leader that has not recovered: it says 503, as one does that knows of no leader.
    expect(await standbysAmong([following.address], following.url, options)).toEqual([]);
  });

  it('one that can not be asked is named', async () => {
    await expect(standbysAmong(['127.0.0.1:1'], 'http://127.0.0.1:2', options)).rejects.toThrow(
      `--standby: http://127.0.0.1:1 can't be asked: `,
    );
  });

  it.each(['zk://127.0.0.1:2181/mesos', 'a b', 'host:5050/path'])('%s is no master', async (address) => {
    await expect(findLeader(address, options)).rejects.toThrow(`--master: ${address} is no host:port`);
  });
});
