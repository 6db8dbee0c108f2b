import { describe, expect, it } from 'vitest';
import { resourceStateTable } from './resource-state-table.js';
import { formatTable } from './table.js';

describe('a table', () => {
  it('makes each column as wide as its longest cell and two blanks', () => {
    expect(
      formatTable(
        ['A', 'Long head'],
        [
          ['longer', 1],
          [null, undefined],
        ],
      ),
    ).toBe('A       Long head\nlonger  1\n-       -');
  });

  it("has the original's columns for getresourcestate", () => {
    const row = {
      nativeId: 'resource_0',
      id: 'mesos_resource_0',
      mesosTaskId: 'streams_resource_0_2',
      resourceState: 'RUNNING',
      requestState: 'ALLOCATED',
      taskCompletionStatus: 'NONE',
      hostname: '172.31.29.41',
      master: true,
      tags: '[jmx, audit]',
      cores: '2.0',
      memory: '4096.0',
    };
    expect(resourceStateTable([row], false).split('\n')).toEqual([
      'Display Name      Native Name  Mesos Task ID         Resource State  Request State  Completion Status  Host Name     Is Master',
      'mesos_resource_0  resource_0   streams_resource_0_2  RUNNING         ALLOCATED      NONE               172.31.29.41  true',
    ]);
    expect(resourceStateTable([row], true)).toMatch(/Is Master {2}Tags {10}Cores {2}Memory\n.*true {7}\[jmx, audit\] {2}2\.0 {4}4096\.0$/);
  });
});
