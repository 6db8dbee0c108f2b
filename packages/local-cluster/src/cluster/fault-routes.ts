// The local cluster's own interface: break something, see what is broken, and mend it again. No Mesos has it.
import { json, Router, type ErrorRequestHandler, type Response } from 'express';
import { FaultError, parseFaultRequest } from './fault-request.js';
import type { Faults } from './faults.js';

const PATH = '/local-cluster/faults';

const refuse = (response: Response, status: number, message: string): void => {
  response.status(status).json({ error: { message } });
};

/** A body that could not be read: no JSON, too large, an unknown character set. */
const unreadable: ErrorRequestHandler = (
  error: { readonly status?: number; readonly type?: string; readonly message: string },
  _,
  response,
  next,
) => {
  const { status = 500, type, message } = error;
  if (status >= 500) return next(error);
  refuse(response, status, type === 'entity.parse.failed' ? `the request is no JSON: ${message}` : `the request: ${message}`);
};

export const faultRoutes = (faults: () => Faults): Router => {
  const router = Router();
  router.get(PATH, (_request, response) => {
    response.status(200).json({ faults: faults().inForce() });
  });
  router.post(PATH, json({ limit: '10kb' }), async (request, response) => {
    try {
      await faults().set(parseFaultRequest(request.body));
      response.status(200).json({});
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      refuse(response, 400, error.message);
    }
  });
  router.delete(PATH, async (_request, response) => {
    await faults().clear();
    response.status(200).json({});
  });
  router.use(PATH, unreadable);
  return router;
};
