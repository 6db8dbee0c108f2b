import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry with the process's own metrics; every metric in it carries the label `service`. */
export const createMetrics = (serviceName: string): Registry => {
  const metrics = new Registry();
  metrics.setDefaultLabels({ service: serviceName });
  collectDefaultMetrics({ register: metrics });
  return metrics;
};
