// Answers the calls of the operator API (src/master/http.cpp, the switch of Master::Http::api).
import type { Call, Response } from '../../generated/master-protocol.js';
import type { Files } from '../../files/files.js';
import { listFiles, readFile } from '../../files/file-calls.js';
import { ok, type Answer } from '../../http/answers.js';
import type { ApiResult } from '../../http/message-api.js';
import { sorted, type Metrics } from '../../http/process-routes.js';
import { maintenanceSchedule, updateSchedule } from '../domain/maintenance/schedule.js';
import { maintenanceStatus } from '../domain/maintenance/status.js';
import { startMaintenance, stopMaintenance } from '../domain/maintenance/transitions.js';
import type { Master } from '../master.js';
import type { Flags } from '../views/flags.js';
import { getRoles } from '../views/roles-view.js';
import { getAgents, getExecutors, getFrameworks, getOperations, getState, getTasks } from '../views/state-messages.js';
import { versionInfo } from '../views/version.js';
import { deactivate, drain, markGone, reactivate, refusalOf, teardown } from './operator-calls.js';
import { reserveResources, unreserveResources } from './reservation-calls.js';
import { refused } from './quota-routes.js';

export interface OperatorCallContext {
  readonly master: Master;
  readonly files: Files;
  readonly metrics: () => Metrics;
  readonly flags: () => Flags;
  /** Who is authenticated. */
  readonly principal: string | undefined;
}

type Handlers = { readonly [T in Call.Type]?: (call: Call, context: OperatorCallContext) => ApiResult | Promise<ApiResult> };

const message = (response: Response): ApiResult => ({ message: response });

/** A part that validation has found there. */
const present = <T>(part: T | undefined): T => part as T;

const seconds = (ms: number): number => ms / 1000;

const handlers: Handlers = {
  UNKNOWN: () => ({ status: 501 }),
  GET_HEALTH: () => message({ type: 'GET_HEALTH', get_health: { healthy: true } }),
  GET_FLAGS: (_call, context) => {
    const flags = Object.entries(context.flags()).map(([name, value]) => ({ name, value }));
    return message({ type: 'GET_FLAGS', get_flags: { flags } });
  },
  GET_VERSION: () => message({ type: 'GET_VERSION', get_version: { version_info: versionInfo } }),
  GET_METRICS: (_call, { metrics }) => {
    const list = Object.entries(sorted(metrics())).map(([name, value]) => ({ name, value }));
    return message({ type: 'GET_METRICS', get_metrics: { metrics: list } });
  },
  GET_LOGGING_LEVEL: () => message({ type: 'GET_LOGGING_LEVEL', get_logging_level: { level: 0 } }),
  LIST_FILES: async (call, { files }) => listFiles(files, present(call.list_files).path),
  READ_FILE: async (call, { files }) => readFile(files, present(call.read_file)),
  GET_STATE: (_call, { master }) => message({ type: 'GET_STATE', get_state: getState(master.state) }),
  GET_AGENTS: (_call, { master }) => message({ type: 'GET_AGENTS', get_agents: getAgents(master.state) }),
  GET_FRAMEWORKS: (_call, { master }) => message({ type: 'GET_FRAMEWORKS', get_frameworks: getFrameworks(master.state) }),
  GET_EXECUTORS: (_call, { master }) => message({ type: 'GET_EXECUTORS', get_executors: getExecutors(master.state) }),
  GET_OPERATIONS: (_call, { master }) => message({ type: 'GET_OPERATIONS', get_operations: getOperations(master.state) }),
  GET_TASKS: (_call, { master }) => message({ type: 'GET_TASKS', get_tasks: getTasks(master.state) }),
  GET_ROLES: (_call, { master }) => message({ type: 'GET_ROLES', get_roles: getRoles(master.state) }),
  GET_WEIGHTS: () => message({ type: 'GET_WEIGHTS' }),
  GET_MASTER: (_call, { master: { state } }) =>
    message({
      type: 'GET_MASTER',
      get_master: { master_info: state.info, start_time: seconds(state.startedAt), elected_time: seconds(state.startedAt) },
    }),
  GET_QUOTA: () => message({ type: 'GET_QUOTA', get_quota: { status: {} } }),
  GET_MAINTENANCE_STATUS: (_call, { master }) =>
    message({
      type: 'GET_MAINTENANCE_STATUS',
      get_maintenance_status: { status: maintenanceStatus(master.state) as Response.GetMaintenanceStatus['status'] },
    }),
  GET_MAINTENANCE_SCHEDULE: (_call, { master }) =>
    message({
      type: 'GET_MAINTENANCE_SCHEDULE',
      get_maintenance_schedule: { schedule: maintenanceSchedule(master.state) as Response.GetMaintenanceSchedule['schedule'] },
    }),
  UPDATE_MAINTENANCE_SCHEDULE: (call, { master }) =>
    refusalOf(master.operate((state, turn) => updateSchedule(state, present(call.update_maintenance_schedule).schedule, turn))),
  START_MAINTENANCE: (call, { master }) =>
    refusalOf(master.operate((state, turn) => startMaintenance(state, present(call.start_maintenance).machines ?? [], turn))),
  STOP_MAINTENANCE: (call, { master }) =>
    refusalOf(master.operate((state, turn) => stopMaintenance(state, present(call.stop_maintenance).machines ?? [], turn))),
  DRAIN_AGENT: (call, { master }) => drain(master, present(call.drain_agent)),
  DEACTIVATE_AGENT: (call, { master }) => deactivate(master, present(call.deactivate_agent)),
  REACTIVATE_AGENT: (call, { master }) => reactivate(master, present(call.reactivate_agent)),
  MARK_AGENT_GONE: (call, { master }) => markGone(master, present(call.mark_agent_gone)),
  TEARDOWN: (call, { master }) => teardown(master, present(call.teardown).framework_id.value),
  RESERVE_RESOURCES: (call, { master, principal }) => reserveResources(master, present(call.reserve_resources), principal),
  UNRESERVE_RESOURCES: (call, { master }) => unreserveResources(master, present(call.unreserve_resources)),
  SET_LOGGING_LEVEL: (): Answer => ok,
};

export const handleOperatorCall = async (call: Call, context: OperatorCallContext): Promise<ApiResult> => {
  const type = call.type ?? 'UNKNOWN';
  const handler = handlers[type];
  return handler === undefined ? refused(`${type} calls`) : handler(call, context);
};
