// All that operators and tools use of an agent; docs/endpoints/ of Mesos lists it.
import { Router } from 'express';
import { fileRoutes } from '../../files/file-routes.js';
import { Files } from '../../files/files.js';
import { sandboxRoots } from '../../files/sandbox-roots.js';
import { notFound, ok, sendJson, sendText } from '../../http/answers.js';
import { processRoutes } from '../../http/process-routes.js';
import { endpoint, queryOf } from '../../http/requests.js';
import { agentApi } from './agent-api.js';
import { containersView } from './agent-messages.js';
import { agentMetrics } from './agent-metrics.js';
import type { AgentReport } from './agent-report.js';
import { agentFlags, agentStateView } from './agent-state-view.js';

export const agentRoutes = (report: () => AgentReport): Router => {
  const files = new Files(sandboxRoots(report().workDir, () => report().id));
  const router = Router({ caseSensitive: true });
  const view = (name: string, of: () => unknown): void => {
    router.all(endpoint('slave\\(1\\)', name), (request, response) => sendJson(response, of(), queryOf(request)['jsonp']));
  };
  view('state', () => agentStateView(report()));
  view('flags', () => ({ flags: agentFlags(report()) }));
  view('containers', () => containersView(report()));
  router.all(endpoint('slave\\(1\\)', 'health'), (_request, response) => sendText(response, ok));
  router.use(
    agentApi(report, files),
    processRoutes(() => agentMetrics(report())),
    fileRoutes(files),
  );
  router.use((_request, response) => notFound(response));
  return router;
};
