// What a call of the operator API must have (src/master/validation.cpp, namespace master::call).
import type { Call } from '../../generated/master-protocol.js';
import { resourcesError } from '../../resources/resource-validation.js';

/** These need the part that is called like them. */
const WITH_PART = {
  GET_METRICS: 'get_metrics',
  SET_LOGGING_LEVEL: 'set_logging_level',
  LIST_FILES: 'list_files',
  READ_FILE: 'read_file',
  UPDATE_WEIGHTS: 'update_weights',
  RESERVE_RESOURCES: 'reserve_resources',
  UNRESERVE_RESOURCES: 'unreserve_resources',
  CREATE_VOLUMES: 'create_volumes',
  DESTROY_VOLUMES: 'destroy_volumes',
  GROW_VOLUME: 'grow_volume',
  SHRINK_VOLUME: 'shrink_volume',
  UPDATE_MAINTENANCE_SCHEDULE: 'update_maintenance_schedule',
  START_MAINTENANCE: 'start_maintenance',
  STOP_MAINTENANCE: 'stop_maintenance',
  DRAIN_AGENT: 'drain_agent',
  DEACTIVATE_AGENT: 'deactivate_agent',
  REACTIVATE_AGENT: 'reactivate_agent',
  UPDATE_QUOTA: 'update_quota',
  SET_QUOTA: 'set_quota',
  REMOVE_QUOTA: 'remove_quota',
  TEARDOWN: 'teardown',
  MARK_AGENT_GONE: 'mark_agent_gone',
} as const satisfies Partial<Record<Call.Type, keyof Call>>;

const partOf = (type: Call.Type): keyof Call | undefined => (WITH_PART as Partial<Record<Call.Type, keyof Call>>)[type];

const NEEDS_AGENT = `Expecting 'agent_id' to be present; only agent default resources are supported right now`;

/** Why the call is refused; undefined when it is valid. */
export function operatorCallError(call: Call): string | undefined {
  if (call.type === undefined) return `Expecting 'type' to be present`;
  const part = partOf(call.type);
  if (part !== undefined && call[part] === undefined) return `Expecting '${part}' to be present`;
  switch (call.type) {
    case 'RESERVE_RESOURCES':
      return resourcesError(call.reserve_resources?.resources ?? []);
    case 'UNRESERVE_RESOURCES':
      return resourcesError(call.unreserve_resources?.resources ?? []);
    case 'GROW_VOLUME':
      return call.grow_volume?.agent_id === undefined ? NEEDS_AGENT : undefined;
    case 'SHRINK_VOLUME':
      return call.shrink_volume?.agent_id === undefined ? NEEDS_AGENT : undefined;
    default:
      return undefined;
  }
}
