import { describe, expect, it } from 'vitest';
import type { Call } from '../../../generated/protocol.js';
import { callError } from './call-validation.js';

const UUID = 'AAAAAAAAQACAAAAAAAAAAA==';
const id = { value: 'f' };
const framework_info = { user: 'u', name: 'n' };

describe('a scheduler::Call', () => {
  it.each<[Call, string | undefined]>([
    [{}, `Expecting 'type' to be present`],
    [{ type: 'SUBSCRIBE' }, `Expecting 'subscribe' to be present`],
    [{ type: 'SUBSCRIBE', subscribe: { framework_info } }, undefined],
    [{ type: 'SUBSCRIBE', framework_id: id, subscribe: { framework_info } }, `'framework_id' differs from 'subscribe.framework_info.id'`],
    [{ type: 'SUBSCRIBE', framework_id: id, subscribe: { framework_info: { ...framework_info, id } } }, undefined],
    ...(['TEARDOWN', 'REVIVE', 'SUPPRESS', 'UNKNOWN'] as const).flatMap((type): [Call, string | undefined][] => [
      [{ type }, `Expecting 'framework_id' to be present`],
      [{ type, framework_id: id }, undefined],
    ]),
    ...(
      [
        ['ACCEPT', 'accept'],
        ['DECLINE', 'decline'],
        ['ACCEPT_INVERSE_OFFERS', 'accept_inverse_offers'],
        ['DECLINE_INVERSE_OFFERS', 'decline_inverse_offers'],
        ['KILL', 'kill'],
        ['SHUTDOWN', 'shutdown'],
        ['ACKNOWLEDGE', 'acknowledge'],
        ['ACKNOWLEDGE_OPERATION_STATUS', 'acknowledge_operation_status'],
        ['RECONCILE', 'reconcile'],
        ['RECONCILE_OPERATIONS', 'reconcile_operations'],
        ['MESSAGE', 'message'],
        ['REQUEST', 'request'],
        ['UPDATE_FRAMEWORK', 'update_framework'],
      ] as const
    ).map(([type, field]): [Call, string] => [{ type, framework_id: id }, `Expecting '${field}' to be present`]),
    [{ type: 'ACKNOWLEDGE', framework_id: id, acknowledge: { agent_id: id, task_id: id, uuid: 'AAAA' } }, 'Not a valid UUID'],
    [
      { type: 'ACKNOWLEDGE', framework_id: id, acknowledge: { agent_id: id, task_id: id, uuid: Buffer.alloc(16).toString('base64') } },
      'Not a valid UUID',
    ],
    [
      { type: 'ACKNOWLEDGE_OPERATION_STATUS', framework_id: id, acknowledge_operation_status: { operation_id: id, uuid: 'AAAA' } },
      'Not a valid UUID',
    ],
    [
      { type: 'ACKNOWLEDGE_OPERATION_STATUS', framework_id: id, acknowledge_operation_status: { operation_id: id, uuid: UUID } },
      `Expecting 'agent_id' to be present`,
    ],
    [
      { type: 'UPDATE_FRAMEWORK', framework_id: id, update_framework: { framework_info } },
      `'framework_id' differs from 'update_framework.framework_info.id'`,
    ],
  ])('%j', (call, error) => {
    expect(callError(call)).toBe(error);
  });
});
