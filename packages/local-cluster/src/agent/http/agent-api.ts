// POST /api/v1 of an agent (src/slave/http.cpp, Http::api and _api; src/slave/validation.cpp, namespace agent::call).
import { Router, type Request, type Response as Answering } from 'express';
import type { Call, Response } from '../../generated/agent-protocol.js';
import { listFiles, readFile } from '../../files/file-calls.js';
import type { Files } from '../../files/files.js';
import { allowsMethod, badRequest, ok, sendText } from '../../http/answers.js';
import { acceptedType, contentType, decodeBody, sendResult, type ApiResult } from '../../http/message-api.js';
import { sorted } from '../../http/process-routes.js';
import { anyBody, endpoint } from '../../http/requests.js';
import { agentInfoMessage } from '../../master/views/agent-message.js';
import { versionInfo } from '../../master/views/version.js';
import { agentCallType, agentResponseType } from '../../wire/operator-messages.js';
import { getContainers, getExecutors, getFrameworks, getTasks } from './agent-messages.js';
import { agentMetrics } from './agent-metrics.js';
import type { AgentReport } from './agent-report.js';
import { agentFlags, drainConfig } from './agent-state-view.js';

interface Context {
  readonly report: AgentReport;
  readonly files: Files;
}

type Handlers = { readonly [T in Call.Type]?: (call: Call, context: Context) => ApiResult | Promise<ApiResult> };

const message = (response: Response): ApiResult => ({ message: response });

/** A part that validation has found there. */
const present = <T>(part: T | undefined): T => part as T;

const handlers: Handlers = {
  UNKNOWN: () => ({ status: 501 }),
  GET_HEALTH: () => message({ type: 'GET_HEALTH', get_health: { healthy: true } }),
  GET_FLAGS: (_call, { report }) =>
    message({ type: 'GET_FLAGS', get_flags: { flags: Object.entries(agentFlags(report)).map(([name, value]) => ({ name, value })) } }),
  GET_VERSION: () => message({ type: 'GET_VERSION', get_version: { version_info: versionInfo } }),
  GET_METRICS: (_call, { report }) => {
    const metrics = Object.entries(sorted(agentMetrics(report))).map(([name, value]) => ({ name, value }));
    return message({ type: 'GET_METRICS', get_metrics: { metrics } });
  },
  GET_LOGGING_LEVEL: () => message({ type: 'GET_LOGGING_LEVEL', get_logging_level: { level: 0 } }),
  SET_LOGGING_LEVEL: () => ok,
  LIST_FILES: (call, { files }) => listFiles(files, present(call.list_files).path),
  READ_FILE: (call, { files }) => readFile(files, present(call.read_file)),
  GET_STATE: (_call, { report }) =>
    message({
      type: 'GET_STATE',
      get_state: { get_tasks: getTasks(report), get_executors: getExecutors(report), get_frameworks: getFrameworks(report) },
    }),
  GET_CONTAINERS: (_call, { report }) => message({ type: 'GET_CONTAINERS', get_containers: getContainers(report) }),
  GET_FRAMEWORKS: (_call, { report }) => message({ type: 'GET_FRAMEWORKS', get_frameworks: getFrameworks(report) }),
  GET_EXECUTORS: (_call, { report }) => message({ type: 'GET_EXECUTORS', get_executors: getExecutors(report) }),
  GET_TASKS: (_call, { report }) => message({ type: 'GET_TASKS', get_tasks: getTasks(report) }),
  GET_AGENT: (_call, { report: { id, info, drain } }) =>
    message({
      type: 'GET_AGENT',
      get_agent: { agent_info: agentInfoMessage(id, info), ...(drain === undefined ? {} : { drain_config: drainConfig(drain) }) },
    }),
};

const WITH_PART: Partial<Record<Call.Type, keyof Call>> = {
  GET_METRICS: 'get_metrics',
  SET_LOGGING_LEVEL: 'set_logging_level',
  LIST_FILES: 'list_files',
  READ_FILE: 'read_file',
};

const callError = (call: Call): string | undefined => {
  if (call.type === undefined) return `Expecting 'type' to be present`;
  const part = WITH_PART[call.type];
  return part !== undefined && call[part] === undefined ? `Expecting '${part}' to be present` : undefined;
};

const handle = async (call: Call, context: Context): Promise<ApiResult> => {
  const type = call.type ?? 'UNKNOWN';
  const handler = handlers[type];
  return handler === undefined ? { status: 501, body: `The local cluster does not know ${type} calls` } : handler(call, context);
};

/** The agent parses by its own function, which says less (src/common/http.hpp, deserialize). */
const shorter = (error: string): string =>
  error
    .replace('Failed to parse body into Call protobuf', 'Failed to parse body into a protobuf object')
    .replace('Failed to convert JSON into Call protobuf: ', '');

export const agentApi = (report: () => AgentReport, files: Files): Router => {
  const router = Router({ caseSensitive: true });
  router.all(endpoint('slave\\(1\\)', 'api/v1'), anyBody('64mb'), async (request: Request, response: Answering) => {
    if (!allowsMethod(request, response, ['POST'])) return;
    if (request.get('content-type') === undefined) return sendText(response, badRequest(`Expecting 'Content-Type' to be present`));
    const type = contentType(request);
    if (type === undefined) {
      const body = `Expecting 'Content-Type' of application/json or application/x-protobuf or application/recordio`;
      return sendText(response, { status: 415, body });
    }
    const accepted = acceptedType(request);
    if (accepted === undefined) {
      const body = `Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio`;
      return sendText(response, { status: 406, body });
    }
    const decoded = decodeBody<Call>(agentCallType, request, type);
    if ('error' in decoded) return sendText(response, badRequest(shorter(decoded.error)));
    const invalid = callError(decoded.call);
    if (invalid !== undefined) return sendText(response, badRequest(`Failed to validate agent::Call: ${invalid}`));
    sendResult(response, await handle(decoded.call, { report: report(), files }), agentResponseType, accepted);
  });
  return router;
};
