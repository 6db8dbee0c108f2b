import { Router } from 'express';
import { resetDelay } from '../domain/commands.js';
import { absoluteAppId } from '../domain/app-id.js';
import { isStaging } from '../domain/killing.js';
import { isRunning, type Task } from '../domain/task.js';
import type { Marathon } from '../marathon.js';
import { segmentsOf } from './app-path.js';
import { appRoutes } from './app-routes.js';
import { parseTaskIds } from './app-request.js';
import type { MarathonFacts } from './facts.js';
import { unknownApp } from './http-error.js';
import { deleteTasks } from './kill-tasks.js';
import { deploymentView, queueView } from './queue-view.js';
import { taskView } from './task-view.js';

/** Marathon's HTTP API, as far as it goes here. */
export function marathonRoutes(marathon: Marathon, facts: MarathonFacts): Router {
  const routes = Router();
  routes.get('/ping', (_request, response) => void response.type('text').send('pong'));
  routes.get('/v2/info', (_request, response) => void response.json(info(marathon, facts)));
  routes.get('/v2/leader', (_request, response) => void response.json({ leader: facts.address() }));
  routes.get('/v2/deployments', (_request, response) => void response.json(marathon.state.deployments.map(deploymentView)));
  routes.get('/v2/queue', (_request, response) => void response.json(queueView(marathon.state, Date.now())));
  routes.delete('/v2/queue/*rest', (request, response, next) => {
    const rest = segmentsOf(request.params['rest']);
    if (rest.at(-1) !== 'delay') return next();
    const appId = absoluteAppId(rest.slice(0, -1).join('/'));
    if (!marathon.state.apps.has(appId)) throw unknownApp(appId);
    marathon.change((state) => resetDelay(state, appId));
    response.status(204).end();
  });
  routes.get('/v2/tasks', ({ query }, response) => {
    const tasks = [...marathon.state.tasks.values()].filter((task) => hasStatus(task, query['status']));
    response.json({ tasks: tasks.map(taskView) });
  });
  routes.post('/v2/tasks/delete', ({ body, query }, response) => {
    const ids = new Set(parseTaskIds(body));
    deleteTasks(
      marathon,
      response,
      [...marathon.state.tasks.values()].filter(({ id }) => ids.has(id)),
      query['scale'] === 'true',
    );
  });
  routes.use('/v2/apps', appRoutes(marathon, facts));
  return routes;
}

function hasStatus(task: Task, status: unknown): boolean {
  if (status === 'running') return isRunning(task);
  return status === 'staging' ? isStaging(task) : true;
}

const info = ({ state }: Marathon, { version, master, frameworkName, user, address }: MarathonFacts): Record<string, unknown> => ({
  name: 'local-marathon',
  version,
  elected: true,
  leader: address(),
  frameworkId: state.frameworkId,
  marathon_config: { master, framework_name: frameworkName, mesos_user: user, mesos_role: '*', checkpoint: true, ha: false },
  http_config: { http_port: Number(address().split(':').at(-1)) },
});
