import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codecOf } from '../../packages/mesos/src/codec/codec-of.js';
import { RecordReader } from '../../packages/mesos/src/record-io.js';
import type { Event, Offer } from '../../packages/mesos/src/index.js';

/** From bench/dist as well. */
const recording = join(import.meta.dirname, '../../recordings/subscribe-idle.pb/stream-1.recordio');

const recordedOffers = (): Offer[] => {
  const codec = codecOf('protobuf');
  const events = [...new RecordReader().read(readFileSync(recording))].map((record) => codec.decodeEvent(record));
  return events.flatMap(({ offers }) => offers?.offers ?? []);
};

/** An OFFERS event of as many offers, each of an agent of its own: a real Mesos's, with attributes and ranges, multiplied. */
export const offersEvent = (count: number): Event => {
  const recorded = recordedOffers();
  const offers = Array.from({ length: count }, (_, n): Offer => {
    const offer = recorded[n % recorded.length];
    if (offer === undefined) throw new Error(`no offer in ${recording}`);
    const agent = offer.agent_id.value.replace(/\d+$/, String(n));
    const attributes = (offer.attributes ?? []).map((one) => (one.name === 'rack' ? { ...one, text: { value: `r${n % 40}` } } : one));
    return {
      ...offer,
      id: { value: offer.id.value.replace(/\d+$/, String(n)) },
      agent_id: { value: agent },
      hostname: `agent-${n}.example`,
      attributes,
    };
  });
  return { type: 'OFFERS', offers: { offers } };
};
