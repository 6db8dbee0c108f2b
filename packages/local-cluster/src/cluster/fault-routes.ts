// The local cluster's own interface: break something, see what is broken, and mend it again. No Mesos has it.
import { json, Router } from 'express';
import { FaultError, parseFaultRequest } from './fault-request.js';
import type { Faults } from './faults.js';

const PATH = '/local-cluster/faults';

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
      response.status(400).json({ error: { message: error.message } });
    }
  });
  router.delete(PATH, async (_request, response) => {
    await faults().clear();
    response.status(200).json({});
  });
  return router;
};
