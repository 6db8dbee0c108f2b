// The local cluster's own interface: break something, and mend it again. No Mesos has it.
import { json, Router } from 'express';
import { FaultError, faultNames, type FaultName, type FaultRequest, type Faults } from './faults.js';

const parse = (body: unknown): FaultRequest => {
  const { fault, agent, framework } = (body ?? {}) as Record<string, unknown>;
  if (!faultNames.includes(fault as FaultName)) throw new FaultError(`fault: ${String(fault)} is none of ${faultNames.join(', ')}`);
  const text = (name: string, value: unknown): string | undefined => {
    if (value === undefined || typeof value === 'string') return value;
    throw new FaultError(`${name}: must be a text`);
  };
  return { fault: fault as FaultName, agent: text('agent', agent), framework: text('framework', framework) };
};

export const faultRoutes = (faults: Faults): Router => {
  const router = Router();
  router.post('/local-cluster/faults', json({ limit: '10kb' }), (request, response) => {
    try {
      faults.set(parse(request.body));
      response.status(200).json({});
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      response.status(400).json({ error: { message: error.message } });
    }
  });
  router.delete('/local-cluster/faults', (_request, response) => {
    faults.clear();
    response.status(200).json({});
  });
  return router;
};
