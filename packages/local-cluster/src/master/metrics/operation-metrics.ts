// Operations by type and state (src/master/metrics.cpp, OperationStates): those on the books.
import type { Metrics } from '../../http/process-routes.js';
import type { MasterState } from '../domain/master-state.js';

const TYPES = ['create', 'create_disk', 'destroy', 'destroy_disk', 'grow_volume', 'reserve', 'shrink_volume', 'unreserve'];
const STATES = ['dropped', 'error', 'failed', 'finished', 'gone_by_operator', 'pending', 'recovering', 'total', 'unreachable'];

export const operationMetrics = (state: MasterState): Metrics => {
  const metrics: Record<string, number> = {};
  for (const prefix of ['master/operations', ...TYPES.map((type) => `master/operations/${type}`)])
    for (const name of STATES) metrics[`${prefix}/${name}`] = 0;
  for (const { operations } of state.agents.values())
    for (const { info, latestStatus } of operations.values()) {
      const current = (latestStatus.state ?? '').replace('OPERATION_', '').toLowerCase();
      for (const prefix of ['master/operations', `master/operations/${(info.type ?? '').toLowerCase()}`])
        for (const name of [current, 'total']) metrics[`${prefix}/${name}`] = (metrics[`${prefix}/${name}`] ?? 0) + 1;
    }
  return metrics;
};
