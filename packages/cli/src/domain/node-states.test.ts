import { describe, expect, it } from 'vitest';
import { describeNodes } from './node-states.js';

const node = (state: string, cpus = 1) => ({ owner: 'scaling', state, request_state: 'PENDING', requested: { cpus, mem: 32 } });

describe('the reason why nodes do not live', () => {
  it('counts what they wait for', () => {
    const nodes = [node('RUNNING'), node('NEW', 1000), node('NEW', 1000), node('STOPPING'), { ...node('NEW'), owner: 'demo' }];
    expect(describeNodes(nodes)).toBe(
      '2 waiting for an offer of 1000 cpus and 32 MB (no free agent has as much, or Mesos is away), 1 not stopped yet',
    );
  });

  it('is empty when all run or have ended', () => {
    expect(describeNodes([node('RUNNING'), node('STOPPED')])).toBe('');
  });
});
