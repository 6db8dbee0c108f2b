import { Router, type Request, type Response } from 'express';
import type { AppDefinition } from '../domain/app-definition.js';
import { absoluteAppId } from '../domain/app-id.js';
import { createApp, deleteApp, putApps, restartApp, tasksToKill, type Done, type Refusal } from '../domain/commands.js';
import { tasksOf } from '../domain/state.js';
import type { Marathon } from '../marathon.js';
import { targetOf, type Target } from './app-path.js';
import { parseApp, parseApps } from './app-request.js';
import { appInfo } from './app-view.js';
import { HttpError, invalid, refusal, unknownApp, unknownTask } from './http-error.js';
import { answerDeployment, deleteTasks } from './kill-tasks.js';
import type { MarathonFacts } from './facts.js';
import { taskView } from './task-view.js';

/** /v2/apps and all below it. */
export function appRoutes(marathon: Marathon, facts: MarathonFacts): Router {
  const routes = Router();
  routes
    .route('/')
    .get((request, response) => list(marathon, request, response))
    .post((request, response) => {
      const update = parseApp(request.body);
      if (update.id === undefined) throw invalid([{ path: '/id', message: 'must be given' }]);
      const { deployment } = done(marathon.change((state, now) => createApp(state, update, now)));
      const app = existing(marathon, absoluteAppId(update.id));
      response
        .status(201)
        .set('Location', `http://${facts.address()}/v2/apps${app.id}`)
        .set('Marathon-Deployment-Id', deployment.id)
        .json({ ...appInfo(marathon.state, app, { tasks: false }), deployments: [{ id: deployment.id }] });
    })
    .put((request, response) => {
      const updates = parseApps(request.body);
      if (updates.some(({ id }) => id === undefined)) throw invalid([{ path: '/id', message: 'must be given for each app' }]);
      const { deployment } = done(marathon.change((state, now) => putApps(state, updates, now, { replace: isReplacement(request) })));
      answerDeployment(response, 200, deployment);
    });
  routes
    .route('/*rest')
    .get((request, response) => get(marathon, targetOf(request), response))
    .put((request, response) => put(marathon, request, response))
    .post((request, response, next) => {
      const { of, appId } = targetOf(request);
      if (of !== 'restart') return next();
      answerDeployment(response, 200, done(marathon.change((state, now) => restartApp(state, appId, now))).deployment);
    })
    .delete((request, response) => remove(marathon, request, response));
  return routes;
}

/** `?id=`, `?cmd=` as parts of the text, `?embed=apps.tasks` as in Marathon. */
function list(marathon: Marathon, { query }: Request, response: Response): void {
  const holds = (text: string | undefined, part: unknown): boolean =>
    typeof part !== 'string' || (text ?? '').toLowerCase().includes(part.toLowerCase());
  const embed = [query['embed']].flat().some((value) => value === 'apps.tasks' || value === 'app.tasks');
  const apps = [...marathon.state.apps.values()].filter(({ id, cmd }) => holds(id, query['id']) && holds(cmd, query['cmd']));
  response.json({ apps: apps.map((app) => appInfo(marathon.state, app, { tasks: embed })) });
}

function get(marathon: Marathon, target: Target, response: Response): void {
  const app = existing(marathon, target.appId);
  if (target.of === 'app') response.json({ app: appInfo(marathon.state, app, { tasks: true }) });
  else if (target.of === 'tasks') response.json({ tasks: tasksOf(marathon.state, app.id).map(taskView) });
  else throw new HttpError(405, 'Method not allowed');
}

function put(marathon: Marathon, request: Request, response: Response): void {
  const { of, appId } = targetOf(request);
  if (of !== 'app') throw new HttpError(405, 'Method not allowed');
  const update = parseApp(request.body);
  if (update.id !== undefined && absoluteAppId(update.id) !== appId) {
    throw invalid([{ path: '/id', message: `is "${update.id}", but the path names "${appId}"` }]);
  }
  const replace = isReplacement(request);
  const { created, deployment } = done(marathon.change((state, now) => putApps(state, [{ ...update, id: appId }], now, { replace })));
  answerDeployment(response, created ? 201 : 200, deployment);
}

function remove(marathon: Marathon, request: Request, response: Response): void {
  const target = targetOf(request);
  const { appId } = target;
  if (target.of === 'app') {
    answerDeployment(response, 200, done(marathon.change((state, now) => deleteApp(state, appId, now))).deployment);
    return;
  }
  existing(marathon, appId);
  const { host, scale } = request.query;
  if (target.of === 'tasks') {
    deleteTasks(marathon, response, tasksToKill(marathon.state, appId, typeof host === 'string' ? host : undefined), scale === 'true');
  } else if (target.of === 'task') {
    const task = marathon.state.tasks.get(target.taskId);
    if (task?.appId !== appId) throw unknownTask(target.taskId);
    deleteTasks(marathon, response, [task], scale === 'true');
  } else {
    throw new HttpError(405, 'Method not allowed');
  }
}

const isReplacement = ({ query }: Request): boolean => query['partialUpdate'] === 'false';

function done(result: Done | Refusal): Done {
  if (result.refused) throw refusal(result);
  return result;
}

function existing(marathon: Marathon, appId: string): AppDefinition {
  const app = marathon.state.apps.get(appId);
  if (!app) throw unknownApp(appId);
  return app;
}
