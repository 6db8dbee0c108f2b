// The endpoints that people and tools use; each with and without /master, as Mesos has them.
import { Router, urlencoded, type Response } from 'express';
import { agentView, allTasks, frameworkView, stateView, taskView } from '../domain/views/operator-views.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { leaderOnly } from './scheduler-routes.js';

const both = (name: string): string[] => [`/${name}`, `/master/${name}`];

/** Not by Express's json(), which adds a charset: Mesos's type has none. */
const json = (response: Response, value: unknown): void => {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
};

const isRunning = ({ state }: { readonly state: string }): boolean => state === 'TASK_RUNNING';

export const operatorRoutes = (master: Master, leadership: Leadership): Router => {
  const { state } = master;
  const router = Router();
  const whenLeading = leaderOnly(leadership);
  const get = (name: string, view: () => unknown): void => {
    router.get(both(name), whenLeading, (_request, response) => json(response, view()));
  };

  router.get(both('health'), (_request, response) => void response.status(200).set('content-length', '0').end());
  router.get(both('redirect'), (_request, response) => {
    const { leading, leader } = leadership.current();
    const to = leading ? `${state.info.hostname}:${state.info.port}` : leader;
    if (to === undefined) response.status(503).type('text/plain').send('No leader elected');
    else
      response
        .status(307)
        .set({ location: `//${to}`, 'content-length': '0' })
        .end();
  });
  get('state', () => stateView(state));
  get('slaves', () => ({
    slaves: [...state.agents.values()].map(agentView),
    recovered_slaves: [...state.recoveredAgents].map((id) => ({ id })),
  }));
  get('frameworks', () => ({
    frameworks: [...state.frameworks.values()].map(frameworkView),
    completed_frameworks: [...state.completedFrameworks.values()].map(frameworkView),
    unregistered_frameworks: [],
  }));
  get('tasks', () => ({ tasks: allTasks(state).map(taskView) }));
  router.get('/version', (_request, response) => json(response, { version: state.info.version }));
  router.get('/metrics/snapshot', (_request, response) => {
    const tasks = [...state.frameworks.values()].flatMap((framework) => [...framework.tasks.values()]);
    json(response, {
      'master/elected': leadership.current().leading ? 1 : 0,
      'master/uptime_secs': (Date.now() - state.startedAt) / 1000,
      'master/slaves_active': state.agents.size,
      'master/slaves_unreachable': state.unreachableAgents.size,
      'master/frameworks_active': [...state.frameworks.values()].filter((framework) => framework.state === 'active').length,
      'master/outstanding_offers': state.offers.size,
      'master/tasks_running': tasks.filter(isRunning).length,
    });
  });
  router.post(both('teardown'), whenLeading, urlencoded({ extended: false, limit: '10kb' }), (request, response: Response) => {
    const { frameworkId } = (request.body ?? {}) as { frameworkId?: string };
    const refuse = (message: string): void => void response.status(400).type('text/plain').send(message);
    if (frameworkId === undefined || frameworkId === '') return refuse(`Missing 'frameworkId' query parameter in the request body`);
    if (!master.teardown(frameworkId)) return refuse('No framework found with specified ID');
    response.status(200).set('content-length', '0').end();
  });
  return router;
};
