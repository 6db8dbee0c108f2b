// What the master checks of a scheduler::Call before it looks at the framework (src/master/validation.cpp, namespace scheduler::call).
import type { Call } from '../../../generated/protocol.js';

const BODY_OF: Partial<Record<Call.Type, keyof Call>> = {
  ACCEPT: 'accept',
  DECLINE: 'decline',
  ACCEPT_INVERSE_OFFERS: 'accept_inverse_offers',
  DECLINE_INVERSE_OFFERS: 'decline_inverse_offers',
  KILL: 'kill',
  SHUTDOWN: 'shutdown',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'message',
  REQUEST: 'request',
  UPDATE_FRAMEWORK: 'update_framework',
};

/** 3rdparty/stout/include/stout/uuid.hpp, fromBytes. */
const uuidError = (base64: string): string | undefined => {
  const bytes = Buffer.from(base64, 'base64');
  const version = (bytes[6] ?? 0) >> 4;
  const isKnownVersion = version >= 1 && version <= 5;
  return bytes.length === 16 && isKnownVersion ? undefined : 'Not a valid UUID';
};

const expecting = (field: string): string => `Expecting '${field}' to be present`;

/** Why the call is invalid, in Mesos's words; undefined when it is valid. */
export function callError(call: Call): string | undefined {
  if (call.type === undefined) return expecting('type');
  if (call.type === 'SUBSCRIBE') {
    if (call.subscribe === undefined) return expecting('subscribe');
    const infoId = call.subscribe.framework_info.id?.value ?? '';
    if (infoId !== (call.framework_id?.value ?? '')) return `'framework_id' differs from 'subscribe.framework_info.id'`;
    return undefined;
  }
  if (call.framework_id === undefined) return expecting('framework_id');
  const body = BODY_OF[call.type];
  if (body !== undefined && call[body] === undefined) return expecting(body);
  if (call.type === 'ACKNOWLEDGE' && call.acknowledge !== undefined) return uuidError(call.acknowledge.uuid);
  if (call.type === 'ACKNOWLEDGE_OPERATION_STATUS' && call.acknowledge_operation_status !== undefined) {
    const error = uuidError(call.acknowledge_operation_status.uuid);
    if (error !== undefined) return error;
    if (call.acknowledge_operation_status.agent_id === undefined) return expecting('agent_id');
  }
  if (call.type === 'UPDATE_FRAMEWORK' && call.update_framework?.framework_info.id?.value !== call.framework_id.value)
    return `'framework_id' differs from 'update_framework.framework_info.id'`;
  return undefined;
}
