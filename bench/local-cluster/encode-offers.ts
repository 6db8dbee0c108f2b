import { encodeEvent } from '../../packages/local-cluster/src/wire/encode-event.js';
import { eventType } from '../../packages/local-cluster/src/wire/message-types.js';
import type { Event, Offer } from '../../packages/local-cluster/src/generated/protocol.js';
import { best, rounded, type Figure } from '../figure.js';

const OFFERS = 10_000;
const ROUNDS = 10;
const MASTER = '2efd329e-8cf3-4e8c-b124-b68caf132cb5';

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, allocation_info: { role: '*' } });

const offer = (n: number): Offer => ({
  id: { value: `${MASTER}-O${n}` },
  framework_id: { value: `${MASTER}-0000` },
  agent_id: { value: `${MASTER}-S${n}` },
  hostname: `agent-${n}.simulated`,
  url: { scheme: 'http', address: { hostname: `agent-${n}.simulated`, ip: '10.0.0.1', port: 5051 }, path: '/slave(1)' },
  resources: [
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_499 }] }, allocation_info: { role: '*' } },
    ...[scalar('cpus', 8), scalar('mem', 16_384), scalar('disk', 102_400)],
  ],
  allocation_info: { role: '*' },
});

/** One OFFERS event of the local cluster, in both encodings, against what does nothing but encode. */
export const encodeOffers = (): Figure[] => {
  const event: Event = { type: 'OFFERS', offers: { offers: Array.from({ length: OFFERS }, (_, n) => offer(n)) } };
  const message = eventType.fromObject(event);
  const figure = (name: string, against: string, ours: () => unknown, bare: () => unknown): Figure => {
    const [seconds, bareSeconds] = [best(ROUNDS, ours), best(ROUNDS, bare)];
    return { name, value: rounded(OFFERS / seconds), unit: 'offers/s', against, ratio: rounded(bareSeconds / seconds) };
  };
  return [
    figure(
      'local-cluster-encode-json',
      'JSON.stringify of the same event',
      () => encodeEvent(event, 'application/json'),
      () => Buffer.from(JSON.stringify(event)),
    ),
    figure(
      'local-cluster-encode-protobuf',
      'protobufjs encode of the same event',
      () => encodeEvent(event, 'application/x-protobuf'),
      () => eventType.encode(message).finish(),
    ),
  ];
};
