import { requestAllocation, runAllocation } from '../../packages/local-cluster/src/master/domain/allocator/allocator.js';
import { rescindOffer } from '../../packages/local-cluster/src/master/domain/allocator/offers.js';
import { TestMaster } from '../../packages/local-cluster/src/master/domain/testing/master.js';
import { percentile, rounded, type Figure } from '../figure.js';

const AGENTS = 10_000;
const ROUNDS = 15;

/** One cycle in which all agents are free and one framework is offered them all. */
export const allocationCycle = (): Figure => {
  const master = new TestMaster();
  for (let n = 0; n < AGENTS; n++) master.agent(`agent-${n}.simulated`, 'cpus:8;mem:16384;disk:102400;ports:[31000-31499]');
  master.framework('bench');
  const { state } = master;
  const samples = Array.from({ length: ROUNDS }, () => {
    const turn = { now: master.now, effects: [] };
    for (const offer of [...state.offers.values()]) rescindOffer(state, offer, turn);
    const began = performance.now();
    requestAllocation(state, 'all');
    runAllocation(state, { now: master.now, effects: [] });
    const took = performance.now() - began;
    if (state.offers.size !== AGENTS) throw new Error(`${state.offers.size} offers were made of ${AGENTS} agents`);
    return took;
  });
  const p50 = percentile(samples, 0.5);
  const interval = state.settings.allocationIntervalMs;
  return {
    name: 'local-cluster-allocation-cycle',
    value: rounded(p50),
    unit: 'ms p50',
    against: `the allocation interval of ${interval} ms`,
    ratio: rounded(p50 / interval),
  };
};
