import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import type { ServiceStatus } from '../service-status.js';
import { stateView } from './state-view.js';

export const routes = (status: ServiceStatus): Router => {
  const router = Router();
  router.get('/api/v1/state', (_request, response) => {
    if (status.state === undefined) throw new HttpError(503, 'this instance does not lead');
    response.json(stateView(status.state, status.now()));
  });
  return router;
};
