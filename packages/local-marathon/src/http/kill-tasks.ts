import type { Response } from 'express';
import { killTasks } from '../domain/commands.js';
import type { Deployment } from '../domain/deployment.js';
import type { Task } from '../domain/task.js';
import type { Marathon } from '../marathon.js';
import { taskView } from './task-view.js';

export function answerDeployment(response: Response, status: number, { id, version }: Deployment): void {
  response.status(status).set('Marathon-Deployment-Id', id).json({ version, deploymentId: id });
}

/** Kills tasks and answers with them, or, when the app shrinks by them, with the deployment. */
export function deleteTasks(marathon: Marathon, response: Response, tasks: readonly Task[], scale: boolean): void {
  const deployment = marathon.change((state, now) => killTasks(state, tasks, scale, now));
  if (deployment) answerDeployment(response, 200, deployment);
  else response.json({ tasks: tasks.map(taskView) });
}
