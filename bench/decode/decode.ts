import { codecOf } from '../../packages/mesos/src/codec/codec-of.js';
import { schema } from '../../packages/mesos/src/codec/schema.js';
import { encodeRecord, RecordReader } from '../../packages/mesos/src/record-io.js';
import { best, rounded, type Bench } from '../figure.js';
import { offersEvent } from './recorded-offers.js';

const OFFERS = 10_000;
const ROUNDS = 15;
/** What Node reads from a socket at once. */
const CHUNK_BYTES = 64 * 1024;

const chunksOf = (stream: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(stream.length / CHUNK_BYTES) }, (_, n) => stream.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES));

/** One OFFERS event: from bytes as the socket gives them to the event as a framework sees it, against what decodes the bare message. */
export const decode: Bench = async () => {
  const codec = codecOf('protobuf');
  const event = offersEvent(OFFERS);
  const body = codec.encodeEvent(event);
  const chunks = chunksOf(encodeRecord(body));
  const json = Buffer.from(codecOf('json').encodeEvent(event));
  const ours = best(ROUNDS, () => {
    const reader = new RecordReader();
    for (const chunk of chunks) for (const record of reader.read(chunk)) codec.decodeEvent(record);
  });
  const bare = best(ROUNDS, () => void schema.Event.decode(body));
  const parsed = best(ROUNDS, () => void JSON.parse(json.toString('utf8')));
  const figure = (name: string, against: string, other: number) => ({
    name,
    value: rounded(OFFERS / ours),
    unit: 'offers/s',
    against,
    ratio: rounded(other / ours),
  });
  return [
    figure('decode', `protobufjs decode of the same ${body.length} bytes, without RecordIO`, bare),
    figure('decode', `JSON.parse of the JSON form of the same event, ${json.length} bytes`, parsed),
  ];
};
