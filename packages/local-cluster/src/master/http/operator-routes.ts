// All that operators and tools use of a master; docs/endpoints/ of Mesos lists it.
import { Router } from 'express';
import { fileRoutes } from '../../files/file-routes.js';
import { Files, noFiles } from '../../files/files.js';
import { processRoutes } from '../../http/process-routes.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { MasterCounters } from '../metrics/counters.js';
import { masterMetrics } from '../metrics/master-metrics.js';
import { flagsOf, processFlags, type ProcessFlags } from '../views/flags.js';
import { frameworkRoutes } from './framework-routes.js';
import { maintenanceRoutes } from './maintenance-routes.js';
import { operatorApi } from './operator-api.js';
import { handleOperatorCall } from './operator-call-handler.js';
import { OperatorSubscriptions } from './operator-subscriptions.js';
import { quotaRoutes } from './quota-routes.js';
import { reservationRoutes } from './reservation-calls.js';
import { stateRoutes } from './state-routes.js';

export const operatorRoutes = (master: Master, leadership: Leadership, process: ProcessFlags): Router => {
  const counters = new MasterCounters(master.state);
  master.observe(counters);
  const subscriptions = new OperatorSubscriptions(master);
  const metrics = () => masterMetrics(master.state, leadership, counters, subscriptions.size);
  const flags = () => ({ ...flagsOf(master.state), ...processFlags(process) });
  const files = new Files(noFiles);
  const router = Router();
  router.use(
    stateRoutes(master, leadership, flags),
    frameworkRoutes(master, leadership),
    reservationRoutes(master, leadership),
    maintenanceRoutes(master, leadership),
    quotaRoutes(leadership),
    operatorApi(leadership, subscriptions, (call, principal) => handleOperatorCall(call, { master, files, metrics, flags, principal })),
    processRoutes(metrics),
    fileRoutes(files),
  );
  return router;
};
