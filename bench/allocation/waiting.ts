import { percentile, rounded, type Bench } from '../figure.js';
import { Decisions, offerOf } from './cluster.js';

const [FEW, MANY] = [100, 10_000];
const SAMPLES = 200;

/** Microseconds for an event with one offer that has room for one of those that wait, when so many requests do. */
const costWith = (waiting: number): number => {
  const decisions = new Decisions();
  const ask = (id: string, cpus: number): void =>
    decisions.allocate({ request_id: id, client_id: 'bench', count: 1, each: { cpus, mem: 1 }, workload: { command: 'exec task' } });
  for (let n = 0; n < waiting; n += 1) ask(`large-${n}`, 1_000);
  const samples = Array.from({ length: SAMPLES }, (_, sample) => {
    ask(`small-${sample}`, 1);
    decisions.now += 10;
    const offer = offerOf(sample, sample + 1);
    const began = performance.now();
    decisions.offer([offer]);
    return (performance.now() - began) * 1_000;
  });
  return percentile(samples.slice(SAMPLES / 4), 0.5);
};

export const matcherWaiting: Bench = async () => {
  costWith(FEW);
  const few = costWith(FEW);
  const many = costWith(MANY);
  return [
    {
      name: 'matcher-waiting',
      value: rounded(many),
      unit: `µs p50 for one offer, ${MANY} requests wait`,
      against: `the same while ${FEW} wait`,
      ratio: rounded(many / few),
    },
  ];
};
