import { RecordReader } from '../packages/mesos/src/record-io.js';
import { encodeRecord } from '../packages/mesos/src/record-io.js';
import { codecOf } from '../packages/mesos/src/codec/codec-of.js';
import { schema } from '../packages/mesos/src/codec/schema.js';
import type { Event } from '../packages/mesos/src/index.js';
import { best, rounded, type Bench } from './figure.js';

const OFFERS = 1_000;
const ROUNDS = 20;
const CHUNK_BYTES = 16 * 1024;

const offersEvent = (): Event => ({
  type: 'OFFERS',
  offers: {
    offers: Array.from({ length: OFFERS }, (_, n) => ({
      id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-O${n}` },
      framework_id: { value: '2efd329e-8cf3-4e8c-b124-b68caf132cb5-0000' },
      agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${n}` },
      hostname: `agent-${n}.example`,
      allocation_info: { role: '*' },
      resources: [
        { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 8 }, allocation_info: { role: '*' } },
        { name: 'mem', type: 'SCALAR' as const, scalar: { value: 16_384 }, allocation_info: { role: '*' } },
        { name: 'ports', type: 'RANGES' as const, ranges: { range: [{ begin: 31_000, end: 32_000 }] }, allocation_info: { role: '*' } },
      ],
    })),
  },
});

/** From bytes as the socket gives them to events as the framework sees them, against protobufjs decoding the bare message. */
export const decodeOffers: Bench = async () => {
  const codec = codecOf('protobuf');
  const body = codec.encodeEvent(offersEvent());
  const stream = encodeRecord(body);
  const chunks = Array.from({ length: Math.ceil(stream.length / CHUNK_BYTES) }, (_, n) =>
    stream.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES),
  );
  const ours = best(ROUNDS, () => {
    const reader = new RecordReader();
    for (const chunk of chunks) for (const record of reader.read(chunk)) codec.decodeEvent(record);
  });
  const raw = best(ROUNDS, () => void schema.Event.decode(body));
  return [
    {
      name: 'decode-offers',
      value: rounded(OFFERS / ours),
      unit: 'offers/s',
      against: 'protobufjs decode of the bare message',
      ratio: rounded(raw / ours),
    },
  ];
};
