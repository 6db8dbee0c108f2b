import { percentile, rounded, type Bench } from '../figure.js';
import { Decisions, offerOf } from './cluster.js';

const [FEW, MANY] = [1_000, 50_000];
const SAMPLES = 2_000;

/** Microseconds for an event with one offer that a request waits for in vain, when so many agents are known. */
const costWith = (agents: number): number => {
  const decisions = new Decisions();
  decisions.allocate({
    request_id: 'large',
    client_id: 'bench',
    count: 1,
    each: { cpus: 1_000, mem: 1 },
    workload: { command: 'exec task' },
  });
  const known = Array.from({ length: agents }, (_, n) => offerOf(n));
  decisions.offer(known);
  const samples = Array.from({ length: SAMPLES }, (_, sample) => {
    const offer = offerOf((sample * 7_919) % agents, sample + 1);
    decisions.now += 1;
    const began = performance.now();
    decisions.offer([offer]);
    return (performance.now() - began) * 1_000;
  });
  return percentile(samples.slice(SAMPLES / 4), 0.5);
};

export const offerCost: Bench = async () => {
  costWith(FEW);
  const few = costWith(FEW);
  const many = costWith(MANY);
  return [
    {
      name: 'offer-cost',
      value: rounded(many),
      unit: `µs p50, ${MANY} agents known`,
      against: `the same with ${FEW} agents known`,
      ratio: rounded(many / few),
    },
  ];
};
