import { describe, expect, it } from 'vitest';
import {
  accept,
  acceptInverseOffers,
  acknowledge,
  decline,
  declineInverseOffers,
  kill,
  reconcile,
  revive,
  suppress,
  teardown,
  updateFramework,
} from './calls.js';
import { codecOf } from './codec/codec-of.js';
import type { TaskStatus } from './generated/protocol.js';

const status: TaskStatus = { task_id: { value: 't' }, agent_id: { value: 'a' }, state: 'TASK_RUNNING', uuid: 'AAAA' };

describe('calls', () => {
  it.each([
    accept(['o1', 'o2'], [{ type: 'LAUNCH', launch: { task_infos: [] } }], { refuse_seconds: 0 }),
    decline(['o'], { refuse_seconds: 3600 }),
    acceptInverseOffers(['i1', 'i2'], { refuse_seconds: 60 }),
    declineInverseOffers(['i']),
    suppress(['r']),
    suppress(),
    revive(['r']),
    kill('t', 'a', { grace_period: { nanoseconds: 1e9 } }),
    kill('t'),
    acknowledge(status)!,
    reconcile(),
    reconcile([{ taskId: 't' }, { taskId: 'u', agentId: 'a' }]),
    teardown(),
    updateFramework({ user: 'nobody', name: 'test' }, ['r'], { role_constraints: {} }),
  ])('$type is of the form that Mesos takes', (call) => {
    expect(() => codecOf('json').encodeCall(call)).not.toThrow();
    expect(() => codecOf('protobuf').encodeCall(call)).not.toThrow();
  });

  it('acknowledges only what has a uuid: a reconciled status or one of the master takes none', () => {
    expect(acknowledge(status)).toEqual({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: 'AAAA' },
    });
    expect(acknowledge({ ...status, uuid: undefined })).toBeUndefined();
    expect(acknowledge({ ...status, uuid: '' })).toBeUndefined();
  });
});
